/** Brings a keyboard or a screen reader to what the form has answered: what went wrong, else its next step. */
export function focusOnAnswer(): void {
  const answer = document.querySelector<HTMLElement>("form .form-summary, form [data-focus]");
  if (!answer) return;
  if (!answer.hasAttribute("tabindex")) answer.tabIndex = -1;
  answer.focus();
}
