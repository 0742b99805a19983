/// What every page of a trace has: its looks and its script, which read the values beside them.
enum TracePageText {
  /// Up to the title. The policy lets the page fetch nothing.
  static let start = """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
    script-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>
    body { font: 14px/1.4 Helvetica, Arial, sans-serif; margin: 1.2em auto; max-width: 1100px;
      padding: 0 1em; color: #111; background: #fff }
    h1 { font-size: 1.2em; margin: 0 0 .4em }
    #tokens { font-family: monospace; white-space: pre; overflow: hidden; height: 1.5em }
    #tokens b { background: #c8006e; color: #fff; font-weight: normal }
    #numbers { display: flex; flex-wrap: wrap; gap: .2em 1.6em; margin: .4em 0 1em; min-height: 3em;
      font-variant-numeric: tabular-nums }
    .lane { position: relative; margin: 0 0 1em }
    .lane p { display: flex; gap: .5em; margin: 0 0 .2em }
    .lane p span { flex: 1; color: #444 }
    .lane canvas.heat { display: block; width: 100%; image-rendering: pixelated; outline: 1px solid #111 }
    .lane canvas.ramp { width: 80px; height: .9em; outline: 1px solid #999; align-self: center }
    .now, .row { position: absolute; pointer-events: none; box-sizing: border-box;
      border: 1px solid #c8006e; display: none }
    #tip { position: fixed; pointer-events: none; background: #111; color: #fff; padding: .1em .5em;
      border-radius: 3px; display: none; font-variant-numeric: tabular-nums }
    kbd { border: 1px solid #999; border-radius: 3px; padding: 0 .3em }
    footer { color: #444; margin-top: 1em }
    select { font: inherit }
    </style>

    """

  /// From the body on.
  static let end = #"""
    <body>
    <h1 id="title"></h1>
    <div><label>layer <select id="layer"></select></label></div>
    <div id="tokens"></div>
    <div id="numbers" aria-live="polite"></div>
    <div id="lanes"></div>
    <div id="tip"></div>
    <footer><kbd>←</kbd> <kbd>→</kbd> step, with <kbd>Shift</kbd> ten, <kbd>Home</kbd> <kbd>End</kbd>;
    <kbd>↑</kbd> <kbd>↓</kbd> unit; point at a value for its number, click to go there.</footer>
    <script>
    "use strict";
    const trace = JSON.parse(document.getElementById("trace").textContent);
    const get = (id) => document.getElementById(id);
    const make = (name, parent, text) => {
      const element = document.createElement(name);
      if (text !== undefined) element.textContent = text;
      parent.append(element);
      return element;
    };
    // Float32 as they were computed, whatever the machine's own order of bytes.
    const floats = (text) => {
      const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const view = new DataView(bytes.buffer);
      return Float32Array.from({length: bytes.length / 4}, (_, k) => view.getFloat32(4 * k, true));
    };
    for (const track of trace.tracks)
      for (const signal of track.signals) signal.values = floats(signal.data);

    // The shortest digits that mean this Float32 and no other.
    const written = (value) => {
      if (!Number.isFinite(value)) return String(value);
      for (let digits = 1; digits < 10; digits++) {
        const text = value.toPrecision(digits);
        if (Math.fround(Number(text)) === value) return String(Number(text));
      }
      return String(value);
    };
    const state = {track: 0, step: 0, unit: 0};
    const track = () => trace.tracks[state.track];
    const steps = trace.numbers.length;
    const valueAt = (signal, step, unit) => signal.values[step * track().units.length + unit];
    const colorOf = (signal, value) => {
      if (Number.isNaN(value)) return 0xFFFFFF;
      const gate = signal.limit === null;
      const place = gate ? value : signal.limit > 0 ? (value / signal.limit + 1) / 2 : 0.5;
      return (gate ? trace.gates : trace.signed)[Math.round(Math.min(Math.max(place, 0), 1) * 64)];
    };
    const paint = (canvas, columns, rows, color) => {
      [canvas.width, canvas.height] = [columns, rows];
      const context = canvas.getContext("2d");
      const image = context.createImageData(columns, rows);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const [hex, place] = [color(column, row), 4 * (row * columns + column)];
          image.data.set([hex >> 16, hex >> 8 & 255, hex & 255, 255], place);
        }
      context.putImageData(image, 0, 0);
    };

    const draw = () => {
      const lanes = get("lanes");
      lanes.textContent = "";
      const units = track().units.length;
      for (const signal of track().signals) {
        const lane = make("div", lanes);
        lane.className = "lane";
        const head = make("p", lane);
        make("b", head, signal.letter);
        make("span", head, signal.name);
        const limit = signal.limit === null ? null : written(Math.fround(signal.limit));
        const [low, high] = signal.clipped ? ["≤ −", "≥ +"] : ["−", "+"];
        make("i", head, limit === null ? "0" : low + limit);
        const ramp = make("canvas", head);
        ramp.className = "ramp";
        make("i", head, limit === null ? "1" : high + limit);
        paint(ramp, 65, 1, (k) => (limit === null ? trace.gates : trace.signed)[k]);
        const heat = make("canvas", lane);
        heat.className = "heat";
        heat.style.height = Math.min(Math.max(units * 11, 44), 220) + "px";
        paint(heat, steps, units, (step, unit) => colorOf(signal, valueAt(signal, step, unit)));
        for (const name of ["now", "row"]) make("div", lane).className = name;
        const place = (event) => {
          const box = heat.getBoundingClientRect();
          const inside = (at, size, count) =>
            Math.min(Math.max(Math.floor(at / size * count), 0), count - 1);
          return [
            inside(event.clientX - box.left, box.width, steps),
            inside(event.clientY - box.top, box.height, units),
          ];
        };
        heat.addEventListener("pointermove", (event) => {
          const [step, unit] = place(event);
          const tip = get("tip");
          tip.textContent = `${signal.letter}[${track().units[unit]}] at step ${trace.numbers[step]}`
            + `${trace.tokens.length ? " " + trace.tokens[step] : ""}: `
            + written(valueAt(signal, step, unit));
          tip.style.display = "block";
          tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
          tip.style.top = event.clientY + 14 + "px";
        });
        heat.addEventListener("pointerleave", () => { get("tip").style.display = "none"; });
        heat.addEventListener("click", (event) => {
          [state.step, state.unit] = place(event);
          show();
        });
      }
      show();
    };

    const show = () => {
      const {step, unit} = state;
      const tokens = get("tokens");
      tokens.textContent = "";
      if (trace.tokens.length) {
        const first = Math.max(0, Math.min(step - 40, steps - 100));
        const wide = trace.tokens.some((token) => [...token].length > 1) ? " " : "";
        make("span", tokens, trace.tokens.slice(first, step).map((t) => t + wide).join(""));
        make("b", tokens, trace.tokens[step]);
        make("span", tokens, trace.tokens.slice(step + 1, first + 100).map((t) => wide + t).join(""));
      }
      const numbers = get("numbers");
      numbers.textContent = "";
      make("b", numbers, `step ${trace.numbers[step]}, unit ${track().units[unit]}`);
      for (const signal of track().signals) {
        const item = make("span", numbers);
        make("b", item, signal.letter + " ");
        item.append(written(valueAt(signal, step, unit)));
      }
      for (const lane of document.querySelectorAll(".lane")) {
        const heat = lane.querySelector(".heat");
        const [now, row] = [lane.querySelector(".now"), lane.querySelector(".row")];
        const [width, height] = [heat.clientWidth, heat.clientHeight];
        const units = track().units.length;
        Object.assign(now.style, {display: "block", left: step * width / steps + "px",
          top: heat.offsetTop + "px", width: Math.max(width / steps, 3) + "px",
          height: height + "px"});
        Object.assign(row.style, {display: "block", left: "-6px", width: "4px",
          top: heat.offsetTop + unit * height / units + "px",
          height: Math.max(height / units, 3) + "px"});
      }
      history.replaceState(null, "", `#${state.track},${trace.numbers[step]},${track().units[unit]}`);
    };

    const go = (step, unit) => {
      state.step = Math.min(Math.max(step, 0), steps - 1);
      state.unit = Math.min(Math.max(unit, 0), track().units.length - 1);
      show();
    };
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
      const far = event.shiftKey ? 10 : 1;
      const {step, unit} = state;
      switch (event.key) {
        case "ArrowRight": case "l": go(step + far, unit); break;
        case "ArrowLeft": case "h": go(step - far, unit); break;
        case "ArrowDown": case "j": go(step, unit + far); break;
        case "ArrowUp": case "k": go(step, unit - far); break;
        case "Home": go(0, unit); break;
        case "End": go(steps - 1, unit); break;
        default: return;
      }
      event.preventDefault();
    });
    addEventListener("resize", show);

    // "#0,17,2": a layer, a step, a unit, by their numbers.
    const [layer, number, name] = location.hash.slice(1).split(",").map(Number);
    if (trace.tracks[layer]) state.track = layer;
    state.step = Math.max(0, trace.numbers.indexOf(number));
    state.unit = Math.max(0, track().units.indexOf(name));
    get("title").textContent = trace.name;
    const select = get("layer");
    trace.tracks.forEach((track, k) => { make("option", select, track.name || "0").value = k; });
    select.parentElement.hidden = trace.tracks.length < 2;
    select.value = state.track;
    select.addEventListener("change", () => {
      [state.track, state.unit] = [Number(select.value), 0];
      draw();
    });
    draw();
    </script>
    </body>
    </html>

    """#
}
