import * as z from "zod";

const DOMAIN_WANTED = "Enter a domain, such as example.com.";

export const AddDomainInput = z.object({
  connectionId: z.uuid("This connection does not exist."),
  domain: z.string(DOMAIN_WANTED).trim().min(1, DOMAIN_WANTED).max(300, DOMAIN_WANTED),
});

export const DomainInput = z.object({
  connectionId: z.uuid("This connection does not exist."),
  domainId: z.uuid("This domain does not exist."),
});
