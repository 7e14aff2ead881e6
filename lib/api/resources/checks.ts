import * as z from "zod";
import { forwardAuth } from "../checks/forward-auth.ts";
import { introspection } from "../checks/introspection.ts";
import { Id, Problem } from "../fields.ts";
import { operation } from "../operation.ts";

const tag = "Session";

const forwardAuthentication = operation({
  method: "GET",
  path: "/forward-auth",
  id: "forwardAuth",
  tag,
  summary: "Ask, as a reverse proxy, whether a request may pass, and as whom",
  description:
    "For `auth_request` of nginx, `forward_auth` of Caddy and ForwardAuth of Traefik, in front of what is served on the firm's " +
    "own host, which the proxy has to pass on as Host. Each method is answered alike. Who is signed out is told 401 with " +
    "`X-Portal-Sign-In`; a browser that wanted a page by X-Forwarded-Uri is led there at once by 303.",
  permission: "member",
  unlimited: true,
  headers: {
    "X-Portal-Member": "The id of the member.",
    "X-Portal-Username":
      "The username; what is not visible ASCII, and the percent sign, is percent-encoded UTF-8.",
    "X-Portal-Name": "The name, written likewise.",
    "X-Portal-Email": "The address, written likewise. Empty where there is none.",
    "X-Portal-Group": "The security group, written likewise.",
    "X-Portal-Kind": "`staff` or `contact`.",
    "X-Portal-Permissions": "What they may do, with spaces between.",
    "X-Portal-By":
      "`session` for somebody who has signed in; `api_token` for a program, that asks in the name of the token's owner.",
  },
  check: forwardAuth,
});

const introspect = operation({
  method: "POST",
  path: "/introspect",
  id: "introspect",
  tag,
  summary: "Ask whether a token is good, and whose it is (RFC 7662)",
  description:
    "An API token, or the token of a session. Whatever is not good in this firm, at this moment and on this host, is " +
    "`active: false` and nothing else.",
  permission: "tokens:introspect",
  programsOnly: true,
  unlimited: true,
  form: true,
  body: z.object({ token: z.string().min(1), token_type_hint: z.string().optional() }),
  answer: z
    .object({
      active: z.boolean(),
      scope: z.string().optional().meta({ description: "What the owner may do, with spaces between." }),
      username: z.string().optional(),
      sub: Id.optional().meta({ description: "The id of the member." }),
      token_type: z.literal("Bearer").optional(),
      kind: z.enum(["session", "api_token"]).optional(),
      exp: z
        .int()
        .optional()
        .meta({ description: "When it ends without another request, in seconds since 1970." }),
      iat: z.int().optional(),
    })
    .meta({ id: "Introspection" }),
  problems: {
    400: Problem.extend({ error: z.literal("invalid_request") }).meta({
      id: "InvalidIntrospection",
      description: "A problem, with the name that the standard has for it.",
    }),
  },
  alsoAnswers: [400],
  check: introspection,
});

export const checkOperations = [forwardAuthentication, introspect];
