// Keeps addresses of searches short enough to share: empty fields are left out of them.
const form = document.getElementById("search");

form?.addEventListener("submit", () => {
  const prices = ["price-from", "price-to"].some((name) => form.elements[name]?.value.trim());
  for (const field of form.elements) {
    const isIdle = field.name === "currency" && !prices;
    if (field.name && (isIdle || !field.value.trim())) field.disabled = true;
  }
});

// The page may come back from the browser's memory with the fields still switched off.
addEventListener("pageshow", () => {
  for (const field of form?.elements ?? []) field.disabled = false;
});
