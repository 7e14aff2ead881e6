import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Fact } from "#components/form/fact.tsx";
import { Field } from "#components/form/field.tsx";
import { FormContext } from "#components/form/form-context.ts";
import { FormSummary } from "#components/form/form-summary.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { PasswordField } from "#components/form/password-field.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { UsernameForManagers } from "#components/form/username-for-managers.tsx";
import type { FormState } from "#lib/web/form-state.ts";

const refused: FormState = {
  message: "Not saved.",
  fieldErrors: { name: ["Choose a name."], code: ["Type six digits.", "Try again."] },
  values: { name: "Ann <b>", group: "readers" },
  facts: { address: "a***@e***.com" },
};

function answered(state: FormState, children: ReactNode, id?: string) {
  return renderToStaticMarkup(<FormContext value={{ id, state }}>{children}</FormContext>);
}

describe("a field", () => {
  test("is tied to its label, its hint and its errors", () => {
    const html = answered(refused, <Field name="name" label="Name" hint="As on the door." required />);
    expect(html).toContain('<label for="name" class="field-label">Name</label>');
    expect(html).toContain('aria-invalid="true" aria-describedby="name-error name-hint"');
    expect(html).toContain('<div id="name-error"><p class="field-error">Choose a name.</p></div>');
    expect(html).toContain('<div id="name-hint" class="field-hint">As on the door.</div>');
  });

  test("shows again what was typed, as text", () => {
    expect(answered(refused, <Field name="name" label="Name" required />)).toContain('value="Ann &lt;b&gt;"');
  });

  test("says that it is optional outside its label", () => {
    const html = answered({}, <Field name="title" label="Title" />);
    expect(html).toContain(">Title</label>");
    expect(html).toContain('<span id="title-note" class="field-note">Optional</span>');
    expect(html).toContain('aria-describedby="title-note"');
  });

  test("bears its form's id, so that two forms of one page do not meet", () => {
    expect(answered(refused, <Field name="name" label="Name" required />, "rename")).toContain(
      '<label for="rename-name"',
    );
  });

  test("keeps password managers away where it is nobody's credential", () => {
    expect(answered({}, <Field name="secret" label="Client secret" unmanaged required />)).toContain(
      'autoComplete="off" data-1p-ignore="true" data-lpignore="true" data-bwignore="true"',
    );
  });
});

describe("a password field", () => {
  const html = answered(
    { values: { password: "typed before" } },
    <PasswordField name="password" label="Password" autoComplete="current-password" />,
  );

  test("never shows a password again", () => {
    expect(html).not.toContain("typed before");
    expect(html).toContain('autoComplete="current-password"');
    expect(html).toContain('type="password"');
  });

  test("has no button before there is a script to serve it", () => {
    expect(html).not.toContain("<button");
  });

  test("takes the policy's rules, and stays new where an administrator types", () => {
    const field = answered(
      {},
      <PasswordField name="p" label="P" autoComplete="new-password" rules="minlength: 14;" unmanaged />,
    );
    expect(field).toContain('passwordrules="minlength: 14;"');
    expect(field).toContain('autoComplete="new-password"');
    expect(field).toContain("data-1p-ignore");
  });
});

test("the code is one input that takes what people paste", () => {
  const html = answered({}, <CodeField />);
  expect(html.match(/<input/g)).toHaveLength(1);
  expect(html).toContain('inputMode="numeric"');
  expect(html).toContain('autoComplete="one-time-code"');
  const pattern = new RegExp(`^(?:${/pattern="([^"]*)"/.exec(html)?.[1]})$`, "v");
  for (const typed of ["123456", "123 456", "123-456", " 1 2 3 4 5 6 "]) expect(typed).toMatch(pattern);
  for (const typed of ["12345", "1234567", "12345a", ""]) expect(typed).not.toMatch(pattern);
});

test("a select comes back with what was chosen", () => {
  const options = [
    { value: "admins", label: "Administrators" },
    { value: "readers", label: "Readers" },
  ];
  expect(answered(refused, <Select name="group" label="Group" options={options} />)).toContain(
    '<option value="readers" selected="">',
  );
});

test("a box that was unticked stays unticked after an answer", () => {
  const box = <Checkbox name="must" label="Must change" defaultChecked />;
  expect(answered({}, box)).toContain('checked=""');
  expect(answered({ values: {} }, box)).not.toContain('checked=""');
  expect(answered({ values: { must: "on" } }, box)).toContain('checked=""');
});

test("a later step shows facts and carries values of the one before", () => {
  const html = answered(
    refused,
    <>
      <Fact name="address" />
      <Hidden name="name" />
    </>,
  );
  expect(html).toBe('a***@e***.com<input type="hidden" name="name" value="Ann &lt;b&gt;"/>');
});

describe("the summary", () => {
  const summary = (state: FormState, id?: string) =>
    renderToStaticMarkup(<FormSummary id={id} state={state} />);

  test("is an alert that takes the focus and links to every failure", () => {
    const html = summary(refused, "rename");
    expect(html).toContain('role="alert" tabindex="-1" autofocus=""');
    expect(html).toContain('<a href="#rename-name">Choose a name.</a>');
    expect(html.match(/href="#rename-code"/g)).toHaveLength(2);
  });

  test("keeps to its message where one field says the rest", () => {
    expect(summary({ message: "Not saved.", fieldErrors: { name: ["Choose a name."] } })).not.toContain("<a");
  });

  test("says something where the action named fields only", () => {
    expect(summary({ fieldErrors: { name: ["Choose a name."] } })).toContain(
      "Please check the marked fields.",
    );
  });

  test("is silent before an answer, and a status once all is done", () => {
    expect(summary({})).toBe("");
    expect(summary({ step: "saved" })).toBe('<p role="status" class="form-done">Saved.</p>');
  });
});

test("a form shows its first step until the action names another", () => {
  const html = renderToStaticMarkup(
    <ActionForm action={async (state) => state} steps={{ confirm: <p>Second</p> }} id="reset">
      <p>First</p>
      <Submit name="intent" value="go">
        Continue
      </Submit>
    </ActionForm>,
  );
  expect(html).toContain("First");
  expect(html).not.toContain("Second");
  expect(html).toContain('<button type="submit" value="go" class="button button-primary" name="intent">');
});

test("the hidden username is for password managers alone", () => {
  expect(renderToStaticMarkup(<UsernameForManagers username="ann" />)).toBe(
    '<input type="text" autoComplete="username" readOnly="" hidden="" name="username" value="ann"/>',
  );
});
