// Charts: lines over the steps of a run, the monitor's states behind them, and the chosen moment.

const charts = [];      // all that are drawn, each {redraw, rebuild}

// How a state is drawn: its colour, and stripes that tell it from others without colour.
const STRIPES = {
  discriminator_saturated: { colour: "bad", lines: [[0, 8, 8, 0]] },
  generator_collapsed: { colour: "bad", lines: [[0, 0, 8, 8]] },
  output_uniform: { colour: "bad", lines: [[0, 4, 8, 4]] },
  one_digit_dominates: { colour: "odd", lines: [[4, 0, 4, 8]] },
  healthy: { colour: "good", lines: [] },
};
const LANE = 15;        // pixels, of the strip in which a state has its name

/** A fill of a state's stripes, as strong as in a legend or weaker. Paper heeds no globalAlpha of patterns. */
function stripes(context, state, ratio = 1, strength = 1) {
  const hue = colour(STRIPES[state].colour), { lines } = STRIPES[state];
  if (!lines.length) return hue + Math.round(56 * strength).toString(16).padStart(2, "0");
  const tile = element("canvas", { width: 8 * ratio, height: 8 * ratio });
  const pen = tile.getContext("2d");
  pen.scale(ratio, ratio);
  pen.strokeStyle = pen.fillStyle = hue;
  pen.globalAlpha = 0.22 * strength;
  pen.fillRect(0, 0, 8, 8);
  pen.globalAlpha = 0.6 * strength;
  for (const [x0, y0, x1, y1] of lines) for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(x0 + (y0 === y1 ? 0 : shift), y0);
    pen.lineTo(x1 + (y0 === y1 ? 0 : shift), y1);
    pen.stroke();
  }
  return context.createPattern(tile, "repeat");
}

/** The states of a run behind a chart: a shade each, or (over the grid) a strip with its name. */
function drawStates(plot, states, names, strips) {
  const { ctx: pen, bbox: box } = plot, ratio = devicePixelRatio;
  const present = Object.keys(STRIPES).filter((state) => states.some((each) => each.state === state));
  const right = box.left + box.width;
  pen.save();
  for (const { state, begins, until } of states) {
    const top = box.top + present.indexOf(state) * LANE * ratio, height = (LANE - 2) * ratio;
    const from = Math.max(plot.valToPos(begins, "x", true), box.left);
    const to = Math.min(plot.valToPos(until, "x", true), right);
    if (!(to > from)) continue;
    if (strips) {
      pen.fillStyle = colour("ground");
      pen.fillRect(from, top, to - from, height);
    }
    pen.fillStyle = stripes(pen, state, ratio, strips ? 1 : 0.35);
    pen.fillRect(from, strips ? top : box.top, to - from, strips ? height : box.height);
    pen.font = `${11 * ratio}px system-ui, sans-serif`;
    const width = pen.measureText(names[state]).width;
    if (strips && width + 8 * ratio < to - from) {
      pen.fillStyle = colour("ground");
      pen.fillRect(from, top, width + 6 * ratio, height);
      pen.fillStyle = colour("ink");
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillText(names[state], from + 3 * ratio, top + height / 2 + ratio);
    }
  }
  pen.restore();
}

/** The chosen moment as a line from top to bottom. */
function drawMoment(plot, step) {
  const { ctx: pen, bbox: box } = plot, ratio = devicePixelRatio;
  const x = Math.round(plot.valToPos(step, "x", true));
  if (!(x >= box.left - 1 && x <= box.left + box.width + 1)) return;
  pen.save();
  pen.fillStyle = colour("moment");
  pen.fillRect(x - ratio, box.top, 2 * ratio, box.height);
  pen.beginPath();
  pen.moveTo(x - 6 * ratio, box.top + box.height + 8 * ratio);
  pen.lineTo(x + 6 * ratio, box.top + box.height + 8 * ratio);
  pen.lineTo(x, box.top + box.height);
  pen.fill();
  pen.restore();
}

/** Words in the middle of a chart that has nothing to draw. */
function drawWords(plot, words) {
  const { ctx: pen, bbox: box } = plot;
  pen.save();
  pen.fillStyle = colour("soft");
  pen.font = `${13 * devicePixelRatio}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.fillText(words, box.left + box.width / 2, box.top + box.height / 2);
  pen.restore();
}

/** The line of a legend, with its dashes. */
function dashSample(name, dash) {
  const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ width: 30, height: 12, "aria-hidden": "true" })) line.setAttribute(key, value);
  for (const [key, value] of Object.entries({ d: "M0 6H30", stroke: `var(--${name})`, "stroke-width": 2.5, fill: "none",
    "stroke-dasharray": dash.join(" ") })) path.setAttribute(key, value);
  line.append(path);
  return line;
}

/** The round values from `low` to `high` at a step of 1, 2 or 5 times a power of ten, at least `least`. */
function evenMarks(low, high, most, least = 0) {
  if (!(high > low)) return [];
  const at = (step) => {      // through whole numbers, which add up exactly
    const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
    return times(Math.max(last - first + 1, 0), (k) => Number(((first + k) * step).toPrecision(12)));
  };
  let coarser = [];
  for (let exponent = Math.ceil(Math.log10(high - low)); ; exponent--) for (const digit of [5, 2, 1]) {
    const step = Number(`${digit}e${exponent}`), marks = at(step);
    if (step < least) return coarser;
    if (marks.length > most && coarser.length > 1) return coarser;
    if (marks.length >= most) return marks;
    coarser = marks;
  }
}

/**
 * The values to mark on an axis: round ones, at most about `most`, and two at least. On a logarithmic
 * axis powers of ten, or what is between them where there is room.
 */
function marksOf(low, high, most, logarithmic, least = 0) {
  if (!logarithmic) return evenMarks(low, high, most, least);
  const exponents = times(Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1, (k) => k + Math.floor(Math.log10(low)));
  const of = (digits, every) => exponents.filter((exponent) => exponent % every === 0)
    .flatMap((exponent) => digits.map((digit) => Number(`${digit}e${exponent}`)))
    .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) && value >= least);
  const finest = [of([1, 2, 5], 1), ...times(exponents.length, (k) => of([1], k + 1))].find((marks) => marks.length <= most);
  return finest && finest.length > 1 ? finest : evenMarks(low, high, most, least);
}

/** What to write at marks: with so many digits that no two read alike. */
function labelsOf(marks, words) {
  const step = Math.min(...marks.slice(1).map((mark, k) => mark - marks[k]));
  return marks.map((mark) => words(mark, Math.max(3, Math.ceil(Math.log10(Math.abs(mark) / step)) + 1)));
}

/**
 * A chart in an element, over and over as its size, the axes and the colours change.
 *
 * lines: [{values, low, high, colour, dash, points}] over `steps`; low and high may be missing.
 * states: [{state, begins, until}]. range: gives [lowest, highest] of a linear or a logarithmic
 * axis, or is null. view: {x, y: "log" or "linear", step}, shared by all charts. choose: is told the
 * step that is clicked on.
 */
function chart(place, { steps, first = 1, last, lines, states = [], names, range = null, logarithmic = true, view, choose }) {
  let plot = null;
  const positive = (values) => values.map((value) => (value > 0 ? value : null));

  function rebuild() {
    if (plot) plot.destroy();
    const logY = logarithmic && view.y === "log", ink = colour("soft"), rule = colour("rule");
    const data = [steps], series = [{}], bands = [];
    const add = (values, options) => { data.push(logY ? positive(values) : values); series.push(options); };
    for (const line of lines) {
      if (line.low) {
        add(line.high, { stroke: "transparent", points: { show: false } });
        add(line.low, { stroke: "transparent", points: { show: false } });
        bands.push({ series: [series.length - 2, series.length - 1], fill: colour(line.colour) + "38" });
      }
    }
    for (const line of lines)
      add(line.values, { stroke: colour(line.colour), width: 2, dash: line.dash, spanGaps: Boolean(line.points),
        points: { show: Boolean(line.points) || steps.length === 1, size: 6, fill: colour(line.colour) } });
    const shown = data.slice(1).flat().filter((value) => value !== null && Number.isFinite(value));
    const lowest = Math.min(...shown), highest = Math.max(...shown);
    const [low, high] = range ? range(logY) : [lowest, highest];
    const margin = (high - low) * 0.04 || 0.5;
    const yRange = logY ? [low / 1.15, high * 1.15] : [low - margin, high + margin];
    // Room above for the names of the states, and no marks there.
    const top = yRange[1];
    const lanes = new Set(states.map((each) => each.state)).size * LANE;
    const room = lanes / Math.max(place.clientHeight - 40 - lanes, 60);
    if (lanes) yRange[1] = logY ? yRange[1] * (yRange[1] / yRange[0]) ** room : yRange[1] + room * (yRange[1] - yRange[0]);
    const all = (_, splits) => splits;
    /** An axis with marks a number of pixels apart at least. */
    const axis = (space, marks, words) => ({ stroke: ink, font: "12px system-ui, sans-serif", filter: all,
      splits: (drawn, side, low, high) => marks(low, high,
        Math.min(Math.max(Math.floor((side ? drawn.bbox.height : drawn.bbox.width) / devicePixelRatio / space), 2), 6)),
      values: (_, splits) => labelsOf(splits, words),
      grid: { stroke: rule, width: 1, filter: all }, ticks: { stroke: rule, filter: all } });
    plot = new uPlot({
      width: Math.max(place.clientWidth, 100), height: place.clientHeight, legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: {
        x: { time: false, distr: view.x === "log" ? 3 : 1, range: () => [first, Math.max(last, first + 1)] },
        y: { distr: logY ? 3 : 1, range: () => (shown.length ? yRange : [0.1, 1]) },
      },
      axes: [
        { ...axis(55, (from, to, most) => marksOf(from, to, most, view.x === "log", 1), compact), size: 34 },
        { ...axis(22, (from, to, most) => marksOf(from, Math.min(to, top), most, logY), rounded), size: 46 },
      ],
      series, bands,
      hooks: {
        drawClear: [(drawn) => drawStates(drawn, states, names, false)],
        draw: [(drawn) => drawStates(drawn, states, names, true), (drawn) => drawMoment(drawn, view.step),
          ...(shown.length ? [] : [(drawn) => drawWords(drawn, "Nothing is above 0")])],
      },
    }, data, place);
    plot.over.addEventListener("click", (event) => {
      const left = event.clientX - plot.over.getBoundingClientRect().left;
      choose(plot.posToVal(left, "x"));
    });
  }

  rebuild();
  charts.push({ redraw: () => plot.redraw(false), rebuild });
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth !== width) {
      width = place.clientWidth;
      rebuild();
    }
  }).observe(place);
}
