import { readFileSync } from "node:fs";
import { filesIn } from "./files.ts";

export type DeclaredUseCase = {
  module: string;
  name: string;
  kind: "command" | "query";
  event: string;
  permission: string;
};

const DECLARATION =
  /export const (\w+) = (command|query)\(\{\n(?:\s*\/\/.*\n)*\s*event: "([^"]+)",\n\s*permission: "([^"]+)",/g;

/** Every use case that the product declares, read from its sources: a new one is under the tests that use this. */
export function declaredUseCases(): DeclaredUseCase[] {
  return filesIn("lib", /\.tsx?$/).flatMap((module) =>
    [...readFileSync(module, "utf8").matchAll(DECLARATION)].map(
      ([, name = "", kind = "", event = "", permission = ""]) => ({
        module,
        name,
        kind: kind as DeclaredUseCase["kind"],
        event,
        permission,
      }),
    ),
  );
}
