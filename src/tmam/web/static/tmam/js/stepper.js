// `[data-stepper]`: a number field with a button on either side. Without this script it is a plain number field.
// Every change fires an ordinary `input` and `change`, so that page scripts can add up.

for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  const buttons = [...stepper.querySelectorAll("button[data-step]")];
  const limit = (name, otherwise) => (input[name] === "" ? otherwise : Number(input[name]));
  const value = () => Number.parseInt(input.value, 10) || 0;

  const refresh = () => {
    for (const button of buttons) {
      const step = Number(button.dataset.step);
      const blocked = step < 0 ? value() <= limit("min", 0) : value() >= limit("max", Infinity);
      // aria-disabled keeps the focus where it is when the last step is taken.
      button.setAttribute("aria-disabled", String(blocked));
    }
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      const least = limit("min", 0);
      const first = Number(stepper.dataset.first || 1); // the smallest quantity that is sold
      const step = Number(button.dataset.step);
      let next = value() + step;
      if (next > 0 && next < first) next = step > 0 ? first : 0;
      input.value = String(Math.min(Math.max(next, least), limit("max", Infinity)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const live = document.getElementById("live");
      if (live) live.textContent = `${input.getAttribute("aria-label") || ""} ${input.value}`.trim();
    });
  }
  input.addEventListener("input", refresh);
  window.addEventListener("pageshow", refresh); // a browser that went back restores the number, not the buttons
  stepper.dataset.ready = "";
  refresh();
}
