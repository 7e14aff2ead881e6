-- First of all, since all that goes on takes members before anything that is locked below: whoever waits holds nothing of it.
ALTER TABLE "members" ADD COLUMN "has_factor" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
CREATE TABLE "client_search_terms" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"client_id" uuid NOT NULL,
	"term" text COLLATE "C" NOT NULL,
	CONSTRAINT "client_search_terms_pkey" PRIMARY KEY("tenant_id","term","client_id")
);
--> statement-breakpoint
ALTER TABLE "client_search_terms" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "client_search_terms" ADD CONSTRAINT "client_search_terms_client_fk" FOREIGN KEY ("tenant_id","client_id") REFERENCES "public"."clients"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "client_search_terms_by_client" ON "client_search_terms" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "client_search_terms" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());
--> statement-breakpoint
-- By the words of the name, as people are: what `search_terms` gives besides is of a username and an address.
CREATE FUNCTION keep_client_search_terms() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM client_search_terms t WHERE t.tenant_id = NEW.tenant_id AND t.client_id = NEW.id;
  END IF;
  INSERT INTO client_search_terms (tenant_id, client_id, term)
  SELECT NEW.tenant_id, NEW.id, s.term FROM search_terms(NEW.name, '', NULL) s WHERE s.kind = 'name';
  RETURN NULL;
END
$$;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON client_search_terms TO portal_app;
--> statement-breakpoint
CREATE TRIGGER clients_insert_search_terms AFTER INSERT ON clients FOR EACH ROW EXECUTE FUNCTION keep_client_search_terms();
--> statement-breakpoint
CREATE TRIGGER clients_update_search_terms AFTER UPDATE ON clients FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name)
  EXECUTE FUNCTION keep_client_search_terms();
--> statement-breakpoint
INSERT INTO client_search_terms (tenant_id, client_id, term)
SELECT c.tenant_id, c.id, s.term FROM clients c CROSS JOIN LATERAL search_terms(c.name, '', NULL) s WHERE s.kind = 'name';
--> statement-breakpoint
CREATE INDEX "sign_in_failures_locking" ON "sign_in_failures" USING btree ("tenant_id","failures","member_id") WHERE failures >= 3;
--> statement-breakpoint
CREATE INDEX "sessions_by_sso" ON "sessions" USING btree ("tenant_id","member_id","created_at") WHERE method = 'sso' and kind = 'full';
--> statement-breakpoint
-- Whoever adds a factor or takes one away cannot forget it. Whoever does so has locked the member before, as everywhere; what does
-- not is locked here, and looks after that: of two who each take one away, the second one sees that none is left.
CREATE FUNCTION keep_has_factor() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_tenant_id uuid;
  v_member_id uuid;
BEGIN
  IF TG_OP = 'DELETE' THEN
    v_tenant_id := OLD.tenant_id;
    v_member_id := OLD.member_id;
  ELSE
    v_tenant_id := NEW.tenant_id;
    v_member_id := NEW.member_id;
  END IF;
  PERFORM FROM members m WHERE m.tenant_id = v_tenant_id AND m.id = v_member_id FOR NO KEY UPDATE;
  UPDATE members m SET has_factor = NOT m.has_factor
   WHERE m.tenant_id = v_tenant_id AND m.id = v_member_id AND m.has_factor IS DISTINCT FROM (
         EXISTS (SELECT FROM totp_factors f
                  WHERE f.tenant_id = v_tenant_id AND f.member_id = v_member_id AND f.confirmed_at IS NOT NULL)
      OR EXISTS (SELECT FROM passkeys p WHERE p.tenant_id = v_tenant_id AND p.member_id = v_member_id));
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION keep_client_search_terms(), keep_has_factor() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER totp_factors_insert_has_factor AFTER INSERT ON totp_factors
  FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION keep_has_factor();
--> statement-breakpoint
CREATE TRIGGER totp_factors_update_has_factor AFTER UPDATE ON totp_factors
  FOR EACH ROW WHEN (NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) EXECUTE FUNCTION keep_has_factor();
--> statement-breakpoint
CREATE TRIGGER totp_factors_delete_has_factor AFTER DELETE ON totp_factors
  FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION keep_has_factor();
--> statement-breakpoint
CREATE TRIGGER passkeys_keep_has_factor AFTER INSERT OR DELETE ON passkeys
  FOR EACH ROW EXECUTE FUNCTION keep_has_factor();
--> statement-breakpoint
CREATE INDEX "members_enrolment_required_by_name" ON "members" USING btree ("tenant_id","kind","name","id") WHERE enrolment_required;
--> statement-breakpoint
CREATE INDEX "members_without_factor_by_name" ON "members" USING btree ("tenant_id","kind","name","id","connection_id") WHERE not has_factor and deleted_at is null;
