import { describe, expect, test } from "vitest";
import { conflict, invalid } from "#lib/core/errors.ts";
import { submit, type Typed } from "#lib/web/form.ts";

function formOf(...fields: [string, string | Blob][]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
}

async function inputOf(form: FormData): Promise<Typed> {
  let seen: Typed = {};
  await submit(form, async (input) => {
    seen = input;
    return undefined;
  });
  return seen;
}

describe("a form's fields", () => {
  test("come as they were sent", async () => {
    expect(await inputOf(formOf(["a", " 1 "], ["b", ""]))).toEqual({ a: " 1 ", b: "" });
  });

  test("stay a list when one is repeated, so that no schema of one string takes it (SEC28, INC28)", async () => {
    expect(await inputOf(formOf(["email", "a@b.example"], ["email", "eve@evil.example"]))).toEqual({
      email: ["a@b.example", "eve@evil.example"],
    });
  });

  test("are never files", async () => {
    const file = new File(["x"], "x");
    expect(await inputOf(formOf(["upload", file], ["name", file], ["name", "text"]))).toEqual({
      upload: [],
      name: "text",
    });
  });

  test("do not include Next's own", async () => {
    expect(await inputOf(formOf(["$ACTION_ID_1", ""], ["$ACTION_REF_1", ""], ["a", "1"]))).toEqual({
      a: "1",
    });
  });

  test("cannot become anything but fields", async () => {
    const input = await inputOf(formOf(["__proto__", "x"], ["constructor", "y"], ["a", "1"]));
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(input.a).toBe("1");
  });
});

describe("what goes wrong becomes a state of the form", () => {
  const secrets = ["password", "newPassword", "confirmPassword", "currentPassword", "code", "token"];
  const form = () => formOf(["name", "Ann"], ...secrets.map((name): [string, string] => [name, "s3cret"]));

  test("with every error beside its field, and what was typed", async () => {
    const state = await submit(form(), async () => {
      throw invalid({ name: ["Too short.", "Taken."], email: ["Missing."] });
    });
    expect(state).toEqual({
      message: "Please correct what is marked below.",
      fieldErrors: { name: ["Too short.", "Taken."], email: ["Missing."] },
      values: { name: "Ann" },
    });
  });

  test("from which no secret comes back (SEC9)", async () => {
    const state = await submit(form(), async () => {
      throw conflict("name", "Taken.");
    });
    expect(JSON.stringify(state)).not.toContain("s3cret");
  });

  test("unless it is no word to people: that is thrown on", async () => {
    const failure = new Error("the database said: secret");
    await expect(
      submit(form(), async () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
  });
});

test("a form that went well gives what the work gives, or nothing", async () => {
  expect(await submit(formOf(), async () => ({ step: "sent" }))).toEqual({ step: "sent" });
  expect(await submit(formOf(), async () => undefined)).toEqual({});
});
