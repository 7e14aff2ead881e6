/** Each form of a page, as it was sent. */
export function formsOf(page: string): string[] {
  return page.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
}

/** The part of a page that is the form of this accessible name. */
export function formIn(page: string, label: string): string {
  const forms = formsOf(page);
  const found = forms.find(
    (form) => attributesOf(form)["aria-label"] === label || textOf(form).includes(label),
  );
  if (!found) throw new Error(`There is no form "${label}" on this page:\n${page.slice(0, 2_000)}`);
  return found;
}

/** What a browser would send of a form: inputs, chosen options, and the pressed button if it has a name. */
export function fieldsOf(form: string, press?: string): FormData {
  const fields = new FormData();
  const button = press === undefined ? [] : [buttonIn(form, press)];
  const inputs = (form.match(/<input\b[^>]*>/g) ?? []).map(attributesOf).filter(isSent);
  for (const { name, value = "" } of [...inputs, ...selectsOf(form), ...button]) {
    if (name) fields.append(name, value);
  }
  return fields;
}

function isSent({ type, checked }: Record<string, string>): boolean {
  return (type !== "checkbox" && type !== "radio") || checked !== undefined;
}

function selectsOf(form: string): { name: string | undefined; value: string | undefined }[] {
  return (form.match(/<select\b[\s\S]*?<\/select>/g) ?? []).map((select) => {
    const options = (select.match(/<option\b[^>]*>/g) ?? []).map(attributesOf);
    const chosen = options.find(({ selected }) => selected !== undefined) ?? options[0];
    return { name: attributesOf(select).name, value: chosen?.value };
  });
}

function buttonIn(form: string, text: string): Record<string, string> {
  const buttons = form.match(/<button\b[\s\S]*?<\/button>/g) ?? [];
  const found = buttons.find((button) => textOf(button) === text);
  if (!found) throw new Error(`There is no button "${text}" in this form:\n${form}`);
  return attributesOf(found);
}

/** The attributes of the first tag. */
function attributesOf(markup: string): Record<string, string> {
  const tag = /<\w+\b((?:[^>"']|"[^"]*"|'[^']*')*)>/.exec(markup)?.[1] ?? "";
  const found = [...tag.matchAll(/([^\s=/]+)(?:="([^"]*)")?/g)];
  return Object.fromEntries(found.map(([, name, value = ""]) => [name, decoded(value)]));
}

/** What a reader sees of it. */
export function textOf(markup: string): string {
  return decoded(markup.replace(/<!--[\s\S]*?-->/g, "").replace(/<[^>]*>/g, " "))
    .replace(/\s+/g, " ")
    .trim();
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name: string) => ENTITIES[name] ?? "");
}
