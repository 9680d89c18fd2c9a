// "This ticket is for me": while it is ticked, the ticket's name field follows the buyer's name and is put away.
// Without this script the server does the same when the field is left empty.

for (const box of document.querySelectorAll("[data-same-person]")) {
  const tick = box.querySelector("input[type=checkbox]");
  const name = document.getElementById(box.dataset.samePerson);
  const field = name?.closest(".field");
  if (!tick || !field) continue;
  const show = () => {
    field.hidden = tick.checked;
    if (tick.checked) name.value = "";
  };
  tick.addEventListener("change", () => {
    show();
    if (!tick.checked) name.focus();
  });
  show();
}
