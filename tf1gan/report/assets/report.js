// The page: a table, the runs with one moment for all, distances, generators, nearest images.

const content = JSON.parse(byId("content").textContent);
const runs = content.runs, moments = content.moments;
const view = { x: "log", y: "linear", common: false, moment: Math.max(moments.length - 1, 0), step: 1 };
const followers = [];       // functions that show the chosen moment
const letters = "ABCDEFGHIJKL", DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3]];
const HUES = ["discriminator", "generator", "good", "odd"];

runs.forEach((run, k) => {
  run.label = letters[k];
  if (runs.some((other) => other !== run && other.name === run.name)) run.name = `${run.folder}/${run.name}`;
});
const severalRuns = runs.length > 1;
const steps = (count) => `${whole(count)} step${count === 1 ? "" : "s"}`;
const badge = (run) => (severalRuns ? element("span", { className: "badge" }, run.label) : null);
const heading = (run, level = "h3") => element(level, {}, badge(run), run.name);

// -- The moment ------------------------------------------------------------------------------

function choose(moment) {
  view.moment = Math.min(Math.max(moment, 0), moments.length - 1);
  view.step = moments[view.moment] || 1;
  byId("step").value = view.moment;
  byId("step").setAttribute("aria-valuetext", `step ${whole(view.step)}`);
  byId("step-shown").textContent = whole(view.step);
  followers.forEach((show) => show());
  charts.forEach((each) => each.redraw());
}

/** Chooses the moment nearest to a step, as the axis shows it. */
function chooseStep(step) {
  const at = (value) => (view.x === "log" ? Math.log(Math.max(value, 1)) : value);
  const distances = moments.map((moment) => Math.abs(at(moment) - at(step)));
  choose(distances.indexOf(Math.min(...distances)));
}

function controls() {
  if (!moments.length) {
    byId("moment").hidden = true;
    return;
  }
  const slider = byId("step");
  slider.max = moments.length - 1;
  slider.addEventListener("input", () => choose(Number(slider.value)));
  byId("earlier").addEventListener("click", () => choose(view.moment - 1));
  byId("later").addEventListener("click", () => choose(view.moment + 1));
  let playing = null;
  const stop = () => {
    clearInterval(playing);
    playing = null;
    byId("play").textContent = "Play";
  };
  byId("play").addEventListener("click", () => {
    if (playing) return stop();
    if (view.moment === moments.length - 1) choose(0);
    byId("play").textContent = "Stop";
    playing = setInterval(() => {
      choose(view.moment + 1);
      if (view.moment === moments.length - 1) stop();
    }, 250);
  });
  for (const axis of ["x", "y"]) for (const input of document.getElementsByName(axis))
    input.addEventListener("change", () => {
      view[axis] = input.value;
      repaint();
    });
  byId("common-choice").hidden = !severalRuns;
  byId("common").addEventListener("change", () => {
    view.common = byId("common").checked;
    repaint();
  });
}

const repaint = () => charts.forEach((each) => each.rebuild());

// -- The table -------------------------------------------------------------------------------

function table() {
  const given = content.table.filter((row) => row.kind !== "other");
  const alone = !severalRuns && !given.some((row) => row.kind === "differing" && !["model", "iterations"].includes(row.name));
  byId("settings-title").textContent = severalRuns ? "What differs, and what was measured"
    : "What was set, and what was measured";
  let all = false;
  function draw() {
    const rows = content.table.filter((row) => all || row.kind !== "other");
    let kind = "differing";
    const made = rows.map((row) => {
      const gap = row.kind === "measured" && kind !== "measured";
      kind = row.kind;
      return element("tr", { className: gap ? "gap" : "" },
        element("th", { scope: "row" }, row.name),
        ...row.values.map((value) => element("td", {
          className: severalRuns && row.kind === "differing" && all ? "differing" : "" }, value)));
    });
    const head = severalRuns ? [element("thead", {}, element("tr", {}, element("td"),
      ...runs.map((run) => element("th", { scope: "col" }, badge(run), run.name))))] : [];
    byId("table").replaceChildren(element("table", {}, ...head, element("tbody", {}, ...made)),
      ...(alone && !all ? [element("p", { className: "aside" },
        "Every hyperparameter is as in the model's tutorial.")] : []));
  }
  draw();
  byId("all-settings").addEventListener("click", () => {
    all = !all;
    byId("all-settings").textContent = all ? "Show only what matters" : "Show every setting";
    byId("all-settings").setAttribute("aria-expanded", String(all));
    draw();
  });
}

// -- A run -----------------------------------------------------------------------------------

/** The place of the values of a chart that belong to a step: the last up to it, or -1. */
function placeOf(steps, step) {
  let place = -1;
  while (place + 1 < steps.length && steps[place + 1] <= step) place++;
  return place;
}

const statesAt = (run, step) => run.states.filter(
  (each) => each.begins <= step && (each.ends === null || step < each.ends));

function span(state) {
  return state.ends === null ? `from step ${whole(state.begins)} on`
    : `steps ${whole(state.begins)} to ${whole(state.ends)}`;
}

async function digitsOf(run) {
  const { digits } = run;
  if (!digits) return element("div", { className: "digits empty" }, "No digits were kept.");
  const columns = Math.ceil(Math.sqrt(digits.count)), rows = Math.ceil(digits.count / columns), size = 60;
  const target = canvas(columns * size - 4, rows * size - 4, "");
  const caption = element("figcaption");
  const picture = await pictureOf(digits.png);
  const pen = target.getContext("2d");
  followers.push(() => {
    const row = digits.at[view.moment], step = digits.steps[row];
    pen.imageSmoothingEnabled = false;
    pen.fillStyle = "#303030";
    pen.fillRect(0, 0, target.width, target.height);
    for (let k = 0; k < digits.count; k++)
      pen.drawImage(picture, 28 * k, 28 * row, 28, 28, k % columns * size, Math.floor(k / columns) * size, 56, 56);
    const words = `step ${whole(step)}, epoch ${Math.ceil(step / run.epoch)}`
      + (step === run.iterations && step < view.step ? ": its last" : "");
    caption.textContent = words[0].toUpperCase() + words.slice(1);
    target.setAttribute("aria-label", `${digits.count} digits by ${run.name} at ${words}`);
  });
  return element("figure", { className: "digits" }, target, caption);
}

/** A figure with a chart of two lines and a legend that says their values at the moment. */
function twoLines(run, { title, part, names, range, logarithmic, missing }) {
  const place = element("div", { className: "chart", role: "img" });
  const values = names.map(() => element("span"));
  const items = names.map((name, k) => element("li", {},
    dashSample(["generator", "discriminator"][k], DASHES[k]), name + " ", values[k]));
  const figure = element("figure", {}, element("h4", {}, title));
  const finite = part && part.series.some((series) => [series.low, series.high].flat().some((value) => value !== null));
  if (!finite) {
    figure.append(element("div", { className: "empty" }, part ? "None of them is a finite number." : missing));
    return { figure, begin() {} };
  }
  figure.append(element("ul", { className: "legend" }, ...items), place);
  followers.push(() => {
    const at = placeOf(part.steps, view.step), words = names.map((name, k) => {
      const series = part.series[k], { mean, low, high } = series;
      values[k].textContent = number(mean[at]) + (at < 0 || low[at] === high[at] ? "" : ` (${number(low[at])} to ${number(high[at])})`);
      return `${name} ${number(mean[at])}`;
    });
    place.setAttribute("aria-label", `Chart: ${title} of ${run.name} over ${steps(run.iterations)}. `
      + `At step ${whole(Math.min(view.step, run.iterations))}: ${words.join(", ")}.`);
  });
  const begin = () => chart(place, {
    steps: part.steps, last: Math.max(...runs.map((each) => each.iterations)), range, logarithmic, view, choose: chooseStep,
    states: run.states.map((each) => ({ ...each, until: each.ends === null ? run.iterations : each.ends })),
    names: content.states, lines: names.map((_, k) => ({ values: part.series[k].mean, low: part.series[k].low, high: part.series[k].high,
      colour: ["generator", "discriminator"][k], dash: DASHES[k] })),
  });
  return { figure, begin };
}

/** The lowest and highest loss to show: a run's own, or of all the runs in one scale. */
function lossRange(run, logarithmic) {
  const shown = runs.filter((other) => other.losses && (view.common || other === run));
  const ends = logarithmic
    ? shown.flatMap((each) => each.losses.series).flatMap((each) => [...each.low, ...each.high]).filter((value) => value > 0)
    : shown.flatMap((each) => each.limits || []);
  return ends.length ? [Math.min(...ends), Math.max(...ends)] : [0.1, 1];
}

function statesOf(run) {
  const line = element("p", { className: "state" });
  followers.push(() => {
    const now = statesAt(run, view.step).map((each) => content.states[each.state]);
    line.textContent = (view.step > run.iterations ? "At its end: " : "At this moment: ") + (now.join(", ") || "no state is named") + ".";
  });
  const kinds = Object.keys(STRIPES).filter((state) => run.states.some((each) => each.state === state));
  const swatches = kinds.map((state) => {
    const swatch = element("canvas", { width: 28, height: 12, "aria-hidden": "true" });
    charts.push({ redraw() {}, rebuild() {
      const pen = swatch.getContext("2d");
      pen.clearRect(0, 0, 28, 12);
      pen.fillStyle = stripes(pen, state);
      pen.fillRect(0, 0, 28, 12);
    } });
    charts[charts.length - 1].rebuild();
    return element("li", {}, swatch, content.states[state]);
  });
  const list = run.states.map((each) => element("li", {},
    `${content.states[each.state]}, ${span(each)}` + (each.words ? `: ${each.words}.` : "")));
  return element("div", {}, line,
    kinds.length ? element("ul", { className: "legend", "aria-label": "Bands of the charts" }, ...swatches) : null,
    list.length ? element("details", {}, element("summary", {}, `What the monitor said (${list.length})`),
      element("ul", {}, ...list)) : null);
}

/** The numbers of a run's charts at each moment, as a table that is made when it is opened. */
function numbersOf(run) {
  const parts = [run.losses, run.outputs].filter(Boolean);
  if (!parts.length || !moments.length) return null;
  const names = [...(run.losses ? ["G's loss", "D's loss"] : []), ...(run.outputs ? ["D(x)", "D(G(z))"] : [])];
  const details = element("details", {}, element("summary", {}, "The charts as a table"));
  details.addEventListener("toggle", () => {
    if (details.querySelector("table")) return;
    const rows = moments.filter((step) => step <= run.iterations).map((step) => {
      const cells = parts.flatMap((part) => part.series.map((series) => number(series.mean[placeOf(part.steps, step)])));
      const states = statesAt(run, step).map((each) => content.states[each.state]).join(", ");
      return element("tr", {}, element("th", { scope: "row" }, whole(step)),
        ...[...cells, states].map((words) => element("td", {}, words)));
    });
    details.append(element("div", { className: "scrolls", tabIndex: 0, role: "region", "aria-label": `Numbers of ${run.name}` },
      element("table", { className: "numbers" },
        element("thead", {}, element("tr", {}, ...["step", ...names, "states"].map((name) => element("th", { scope: "col" }, name)))),
        element("tbody", {}, ...rows))));
  });
  return details;
}

async function runCard(run) {
  const probability = run.probabilities ? () => [0, 1] : null;
  const losses = twoLines(run, { title: "Losses by step", part: run.losses, names: ["G", "D"], range: (logarithmic) => lossRange(run, logarithmic),
    logarithmic: true, missing: "No losses were kept." });
  const outputs = twoLines(run, { title: "D's outputs by step", part: run.outputs && { ...run.outputs,
    series: [run.outputs.series[1], run.outputs.series[0]] }, names: ["D(G(z))", "D(x)"], range: probability,
    logarithmic: false, missing: "TensorBoard's files have no outputs of D." });
  const card = element("article", { className: "run", "aria-label": `Run ${run.name}` },
    severalRuns ? element("div", { className: "head" }, heading(run), element("span", { className: "aside" },
      `${run.model}, ${steps(run.iterations)}` + (run.iterations < run.planned ? ` of ${whole(run.planned)}` : ""))) : null,
    ...run.notes.map((note) => element("p", { className: "note" }, note)),
    element("div", { className: "parts" }, await digitsOf(run), losses.figure, outputs.figure),
    statesOf(run), numbersOf(run));
  return { card, begin() { losses.begin(); outputs.begin(); } };
}

// -- Distances, generators, nearest images ------------------------------------------------------

function distances() {
  const measured = runs.filter((run) => run.frechet.steps.length);
  if (!measured.length) return;
  byId("distance").hidden = false;
  const steps = [...new Set(measured.flatMap((run) => run.frechet.steps))].sort((a, b) => a - b);
  const style = (run) => runs.indexOf(run);
  // With the fifth run the colours begin again, with other dashes.
  const dashOf = (run) => DASHES[(style(run) + Math.floor(style(run) / HUES.length)) % DASHES.length];
  const lines = measured.map((run) => ({ points: true, colour: HUES[style(run) % HUES.length], dash: dashOf(run),
    values: steps.map((step) => { const at = run.frechet.steps.indexOf(step); return at < 0 ? null : run.frechet.values[at]; }) }));
  const place = element("div", { className: "chart", role: "img" });
  const values = measured.map(() => element("span"));
  const list = element("ul", { className: "legend" }, ...measured.map((run, k) => element("li", {},
    dashSample(lines[k].colour, lines[k].dash), badge(run), element("bdi", {}, run.name), " ", values[k])));
  followers.push(() => {
    const words = measured.map((run, k) => {
      const at = placeOf(run.frechet.steps, view.step);
      values[k].textContent = at < 0 ? "–" : `${number(run.frechet.values[at])} at step ${whole(run.frechet.steps[at])}`;
      return `${run.name} ${values[k].textContent}`;
    });
    place.setAttribute("aria-label", `Chart: Fréchet distance over the steps. ${words.join("; ")}.`);
  });
  const rows = steps.map((step) => element("tr", {}, element("th", { scope: "row" }, whole(step)),
    ...lines.map((line) => element("td", {}, number(line.values[steps.indexOf(step)])))));
  byId("distances").append(list, place, element("details", {}, element("summary", {}, "The chart as a table"),
    element("div", { className: "scrolls", tabIndex: 0, role: "region", "aria-label": "Fréchet distances" },
      element("table", { className: "numbers" },
        element("thead", {}, element("tr", {}, ...["step", ...measured.map((run) => run.name)].map(
          (name) => element("th", { scope: "col" }, name)))), element("tbody", {}, ...rows)))));
  chart(place, { steps, first: steps[0], last: Math.max(...runs.map((run) => run.iterations)), lines, view, choose: chooseStep,
    logarithmic: true, names: content.states });
}

const generators = {};      // by the run's label: functions of noise [100] to pixels [784]

async function livePanels() {
  const live = runs.filter((run) => run.live);
  byId("live").hidden = !live.length;
  for (const run of live) {
    await new Promise((later) => setTimeout(later));    // a large one takes its time
    const { panel, generate } = generatorPanel(run, heading(run));
    byId("generators").append(panel);
    generators[run.label] = generate;
  }
}

async function nearestImages() {
  for (const run of runs.filter((each) => each.nearest)) {
    const { nearest } = run, size = 60;
    byId("nearest").hidden = false;
    const picture = await pictureOf(nearest.png);
    const target = canvas(nearest.count * size - 4, 2 * size - 4, `${nearest.count} digits by ${run.name} at step `
      + `${whole(nearest.step)}; below each, the nearest training image. Their distances: ${nearest.distances.map(number).join(", ")}`);
    const pen = target.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.fillStyle = "#303030";
    pen.fillRect(0, 0, target.width, target.height);
    for (let k = 0; k < 2 * nearest.count; k++) {
      const row = Math.floor(k / nearest.count), column = k % nearest.count;
      pen.drawImage(picture, 28 * column, 28 * row, 28, 28, size * column, size * row, 56, 56);
    }
    const row = element("div", { className: "row", "aria-hidden": "true" }, ...nearest.distances.map((value) => element("span", {}, number(value))));
    row.style.gridTemplateColumns = `repeat(${nearest.count}, 1fr)`;
    byId("neighbours").append(element("figure", { className: "neighbours" },
      severalRuns ? heading(run, "h4") : null, target, row,
      element("figcaption", {}, `Distances at step ${whole(nearest.step)}`)));
  }
}

// -- All of it -----------------------------------------------------------------------------------

async function main() {
  byId("title").textContent = severalRuns ? `${runs.length} runs side by side` : runs[0].name;
  byId("subtitle").append(...severalRuns ? runs.flatMap((run, k) => [k ? " · " : "", `${run.label} `, element("bdi", {}, run.name)])
    : [`A run of ${runs[0].model}, ${steps(runs[0].iterations)}` + (runs[0].iterations < runs[0].planned ? ` of ${whole(runs[0].planned)}` : "")]);
  table();
  controls();
  for (const run of runs) {
    const { card, begin } = await runCard(run);
    byId("runs").append(card);
    begin();
  }
  distances();
  await nearestImages();
  choose(view.moment);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  addEventListener("beforeprint", () => { document.documentElement.classList.add("paper"); repaint(); });
  addEventListener("afterprint", () => { document.documentElement.classList.remove("paper"); repaint(); });
  await livePanels();
  document.documentElement.dataset.ready = "true";
}

// For a browser's console: report.generators.A(noise) gives 784 pixels of 100 numbers.
window.report = { generators, ready: main() };
