// Buttons that only some browsers can honour show themselves when they can:
// `[data-copy="text"][data-done="Copied"]` and `[data-share="/path"][data-share-title="…"]`, both `hidden` in the page.

const toast = (words) => {
  const box = document.createElement("p");
  box.className = "toast";
  box.setAttribute("role", "status");
  document.body.append(box);
  box.textContent = words;
  setTimeout(() => box.remove(), 4000);
};

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.done);
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => {
    const url = new URL(button.dataset.share, window.location.href).href;
    // Closing the sheet without sharing is the person's choice, not an error.
    navigator.share({ title: button.dataset.shareTitle, url }).catch(() => {});
  });
}
