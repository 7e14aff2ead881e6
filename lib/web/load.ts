import "server-only";
import { forbidden, notFound } from "next/navigation";
import { DomainError } from "#lib/core/errors.ts";

/** What a page shows; what its reader may not see becomes the page that says so. */
export async function load<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    if (error instanceof DomainError && error.code === "forbidden") forbidden();
    throw error;
  }
}
