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
CREATE INDEX "members_enrolment_required_by_name" ON "members" USING btree ("tenant_id","kind","name","id") WHERE enrolment_required;--> statement-breakpoint
CREATE INDEX "sign_in_failures_locking" ON "sign_in_failures" USING btree ("tenant_id","failures","member_id") WHERE failures >= 3;--> statement-breakpoint
CREATE INDEX "sessions_by_sso" ON "sessions" USING btree ("tenant_id","member_id","created_at") WHERE method = 'sso' and kind = 'full';--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "client_search_terms" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());
--> statement-breakpoint
-- By the words that people are found by, too.
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
