// A panel in which a generator draws.

const REACH = 3;        // how far the noise is moved along a direction

/** Vectors of 100 numbers. */
function hundreds(text) {
  const all = floats(text);
  return times(all.length / 100, (k) => all.slice(100 * k, 100 * k + 100));
}

/** The panel of a run's generator. Returns it and the function of noise that it draws with. */
function generatorPanel(run, title) {
  const { live } = run, generate = generatorOf(live);
  const fixed = hundreds(live.fixed), directions = hundreds(live.directions);
  const ends = [fixed[0], fixed[1] || newNoise(live.noise)];
  const moved = live.strengths.map(() => 0);
  let share = 0, waiting = false, drawn = [];

  const large = canvas(28, 28, "", "pixels large");
  const small = ["Where the walk begins", "Where the walk ends"].map((words) => canvas(28, 28, words));
  const walk = element("input", { type: "range", min: 0, max: 100, value: 0, "aria-label": "Walk from one digit to the other, in percent" });
  const caption = element("figcaption");

  function draw() {
    waiting = false;
    const start = performance.now();
    const along = (noise) => noise.map((value, k) => value + moved.reduce((sum, by, d) => sum + by * directions[d][k], 0));
    const pixels = generate(along(between(ends[0], ends[1], share)));
    drawPixels(large, pixels);
    const took = performance.now() - start;
    // The walk is moved with the digit: at either end it shows what stands there.
    small.forEach((each, k) => {
      const now = [ends[k], ...moved];
      if (drawn[k] && now.every((value, at) => value === drawn[k][at])) return;
      drawPixels(each, share === k ? pixels : generate(along(ends[k])));
      drawn[k] = now;
    });
    large.setAttribute("aria-label", `A digit by ${run.name}, ${Math.round(100 * share)} % of the way between two, `
      + `moved along the directions by ${moved.map(number).join(", ")}`);
    caption.textContent = `Drawn in ${took < 1 ? "less than 1" : Math.round(took)} ms`
      + (live.step === null ? "" : ` by the generator as it was after step ${whole(live.step)}`) + ".";
  }
  function later() {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  }

  const sliders = live.strengths.map((strength, k) => {
    const shown = element("output", {}, "0");
    const id = `direction-${run.label}-${k}`;
    const input = element("input", { id, type: "range", min: -REACH, max: REACH, step: 0.05, value: 0 });
    input.addEventListener("input", () => {
      moved[k] = Number(input.value);
      shown.textContent = number(moved[k]);
      later();
    });
    const row = element("div", { className: "slider" },
      element("label", { for: id }, `Direction ${k + 1} (${number(100 * strength)} %)`), input, shown);
    return { row, input, back: () => { moved[k] = 0; input.value = 0; shown.textContent = "0"; } };
  });
  const back = () => sliders.forEach((slider) => slider.back());

  walk.addEventListener("input", () => { share = walk.value / 100; later(); });
  function another(end) {
    ends[end] = newNoise(live.noise);
    later();
  }
  const button = (words, act) => {
    const made = element("button", { type: "button" }, words);
    made.addEventListener("click", act);
    return made;
  };
  const panel = element("article", { className: "generator", "aria-label": `Generator of ${run.name}` },
    element("div", { className: "head" }, title),
    element("figure", {}, large, caption),
    element("div", {},
      element("div", { className: "buttons" },
        button("Another digit", () => { back(); share = 0; walk.value = 0; another(0); }),
        button("Directions back to 0", () => { back(); later(); })),
      element("div", { className: "sliders" }, ...sliders.map((slider) => slider.row)),
      element("h4", {}, "A walk from one digit to another"),
      element("div", { className: "walk" }, small[0], walk, small[1]),
      element("div", { className: "buttons" },
        button("Walk to another one", () => another(1)))));
  draw();
  return { panel, generate };
}
