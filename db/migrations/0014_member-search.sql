CREATE TABLE "member_search_terms" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"member_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"term" text COLLATE "C" NOT NULL,
	CONSTRAINT "member_search_terms_pkey" PRIMARY KEY("tenant_id","term","kind","member_id")
);
--> statement-breakpoint
ALTER TABLE "member_search_terms" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "member_search_terms" ADD CONSTRAINT "member_search_terms_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "member_search_terms_by_member" ON "member_search_terms" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "member_search_terms" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());
--> statement-breakpoint
-- What a member is found by: the name from each of its words on, the username, the address.
CREATE FUNCTION search_terms(p_name text, p_username_key text, p_email_key text) RETURNS TABLE (kind text, term text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT 'name', left(array_to_string(w.words[i:], ' '), 254)
    FROM (SELECT string_to_array(lower(p_name), ' ') AS words) w, generate_subscripts(w.words, 1) i
   WHERE w.words[i] <> ''
  UNION
  SELECT CASE WHEN p_username_key ~ '@' THEN 'address' ELSE 'username' END, left(p_username_key, 254)
  UNION
  SELECT 'address', left(p_email_key, 254) WHERE p_email_key IS NOT NULL
$$;
--> statement-breakpoint
-- Whoever writes a name cannot forget it. Somebody who has been erased is found by nothing.
CREATE FUNCTION keep_search_terms() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM member_search_terms t WHERE t.tenant_id = NEW.tenant_id AND t.member_id = NEW.id;
  END IF;
  IF NEW.erased_at IS NULL THEN
    INSERT INTO member_search_terms (tenant_id, member_id, kind, term)
    SELECT NEW.tenant_id, NEW.id, s.kind, s.term FROM search_terms(NEW.name, NEW.username_key, NEW.email_key) s;
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION search_terms(text, text, text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION search_terms(text, text, text) TO portal_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON member_search_terms TO portal_app;
--> statement-breakpoint
CREATE TRIGGER members_insert_search_terms AFTER INSERT ON members FOR EACH ROW EXECUTE FUNCTION keep_search_terms();
--> statement-breakpoint
CREATE TRIGGER members_update_search_terms AFTER UPDATE ON members FOR EACH ROW WHEN (
  (NEW.name, NEW.username_key, NEW.email_key, NEW.erased_at) IS DISTINCT FROM
  (OLD.name, OLD.username_key, OLD.email_key, OLD.erased_at)
) EXECUTE FUNCTION keep_search_terms();
--> statement-breakpoint
INSERT INTO member_search_terms (tenant_id, member_id, kind, term)
SELECT m.tenant_id, m.id, s.kind, s.term
  FROM members m CROSS JOIN LATERAL search_terms(m.name, m.username_key, m.email_key) s
 WHERE m.erased_at IS NULL;
