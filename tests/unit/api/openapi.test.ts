import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { openApiDocument } from "#lib/api/openapi.ts";
import { OPERATIONS } from "#lib/api/registry.ts";

const document = openApiDocument(OPERATIONS);

test("the OpenAPI document is one, by the word of an independent validator (004, done-when 5)", async () => {
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(JSON.stringify(document)));
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("and the validator would find a document that is none", async () => {
  const { info: _, ...broken } = document;
  expect((await new Validator().validate(JSON.parse(JSON.stringify(broken)))).valid).toBe(false);
});

test("each of its schemas is JSON Schema of 2020-12 that refers to nothing missing", () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "https://portal.example/document", ...document });
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { responses, requestBody, parameters }] of Object.entries(operations)) {
      const bodies = [requestBody, ...Object.values(responses)].flatMap((one) =>
        Object.values(one?.content ?? {}),
      );
      for (const { schema } of [...bodies, ...parameters]) {
        const whole = JSON.parse(
          JSON.stringify(schema).replaceAll('"#/', '"https://portal.example/document#/'),
        );
        expect(() => ajv.compile(whole), `${method} ${path}`).not.toThrow();
      }
    }
  }
});

test("each operation says who may: anyone is written as no security", () => {
  for (const { permission, method, path } of OPERATIONS) {
    const described = document.paths[path]?.[method.toLowerCase()];
    expect(described?.["x-permission"]).toBe(permission);
    expect(described?.security).toEqual(permission === "anyone" ? [] : [{ token: [] }]);
  }
});
