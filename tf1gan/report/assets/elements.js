"use strict";

// Elements of the page. What a run is called or holds only ever becomes text.

/** An element with properties (or attributes: those with a dash, role and for) and children. */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role" || key === "for" || key === "scope") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const byId = (id) => document.getElementById(id);

/** A number with three digits that matter, as people write it. */
const number = (value) => rounded(value, 3);

/** The same with so many digits. */
function rounded(value, digits) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(Math.max(digits - 2, 1)).replace(".0e", "e").replace(/-/g, "−");
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

const whole = (value) => value.toLocaleString("en");

/** A number for an axis: 20k for 20,000. */
function compact(value) {
  if (value >= 1e6) return value / 1e6 + "M";
  return value >= 1000 ? value / 1000 + "k" : String(value);
}

/** A colour of the style sheet. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

/** A picture that stands in the page's content, ready to be drawn. */
async function pictureOf(png) {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  return image;
}

/** A canvas that says in words what it shows. */
function canvas(width, height, label, className = "pixels") {
  return element("canvas", { width, height, className, role: "img", "aria-label": label });
}

/** An array of a function of the indices below `count`. */
const times = (count, make) => Array.from({ length: count }, (_, k) => make(k));
