-- The runtime role: it owns nothing, bypasses nothing, and gets each right by name. Whoever logs in at run time
-- is this role or a member of it.
DO $$
BEGIN
  CREATE ROLE portal_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
EXCEPTION
  -- Roles belong to the cluster, so another database of it may have made it, even this moment.
  WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO portal_app;
--> statement-breakpoint
-- A temporary table would stand in front of ours for whatever runs with the owner's rights; nobody needs one. The
-- functions name pg_temp last besides.
DO $$
BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
--> statement-breakpoint
-- Functions are closed until a migration opens them to the runtime role.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--> statement-breakpoint
-- The tenant of the current transaction, set by withTenant(); null outside one, so every policy denies.
-- A setting made with set_config(..., true) reads back as '' after its transaction, hence nullif.
CREATE FUNCTION current_tenant_id() RETURNS uuid
  LANGUAGE sql STABLE
  RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;
--> statement-breakpoint
-- The one clock that decides (S8): every deadline is written and judged by it.
CREATE FUNCTION portal_now() RETURNS timestamptz
  LANGUAGE sql STABLE
  RETURN now();
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION current_tenant_id(), portal_now() TO portal_app;
