/** Sends the form when the last digit of its code is in, where the field asks for that. */
export function sendCompleteCodes(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-auto-submit]")) {
    field.addEventListener("input", () => {
      const typed = field.value.replaceAll(/[\s-]/g, "");
      if (/^\d+$/.test(typed) && typed.length === Number(field.dataset.autoSubmit))
        field.form?.requestSubmit();
    });
  }
}
