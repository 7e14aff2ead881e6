import { readFileSync } from "node:fs";
import { SENSITIVE_ACTIONS } from "#lib/access/sensitive-actions.ts";
import { filesIn } from "./files.ts";

export type DeclaredUseCase = {
  module: string;
  name: string;
  kind: "command" | "query";
  event: string;
  permission: string;
  /** Which sensitive action it is, or may be (F5). */
  stepUp: string | undefined;
};

const DECLARATION =
  /export const (\w+) = (command|query)\(\{\n(?:\s*\/\/.*\n)*\s*event: "([^"]+)",\n\s*permission: "([^"]+)",(?:\n\s*stepUp: ([^\n]+),)?/g;

/** Every use case that the product declares, read from its sources: a new one is under the tests that use this. */
export function declaredUseCases(): DeclaredUseCase[] {
  return filesIn("lib", /\.tsx?$/).flatMap((module) =>
    [...readFileSync(module, "utf8").matchAll(DECLARATION)].map(
      ([, name = "", kind = "", event = "", permission = "", stepUp = ""]) => ({
        module,
        name,
        kind: kind as DeclaredUseCase["kind"],
        event,
        permission,
        stepUp: Object.keys(SENSITIVE_ACTIONS).find((action) => stepUp.includes(`"${action}"`)),
      }),
    ),
  );
}
