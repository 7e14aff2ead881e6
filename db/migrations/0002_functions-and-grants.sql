GRANT SELECT ON tenants TO portal_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON
  security_groups, members, password_credentials, federated_identities, clients, client_contacts, workspaces,
  sessions, one_time_secrets, outbox_emails, rate_limits, refusal_windows
TO portal_app;
--> statement-breakpoint
-- Audit events are evidence: the application may add and read them, nothing else.
GRANT SELECT, INSERT ON audit_events TO portal_app;
--> statement-breakpoint
-- Which firm a host name belongs to. One row at most, and no list: nobody can enumerate the firms through it.
CREATE FUNCTION find_tenant(p_slug text)
  RETURNS TABLE (id uuid, slug text, name text, status text, accent text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, t.slug, t.name, t.status, t.accent FROM tenants t WHERE t.slug = p_slug;
END;
--> statement-breakpoint
-- For the operator's command line: no page or endpoint calls these three.
CREATE FUNCTION create_tenant(p_slug text, p_name text, p_accent text) RETURNS uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  INSERT INTO tenants (slug, name, accent) VALUES (p_slug, p_name, p_accent)
  ON CONFLICT (slug) DO NOTHING RETURNING id;
END;
--> statement-breakpoint
CREATE FUNCTION change_tenant_status(p_slug text, p_status text) RETURNS uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  UPDATE tenants SET status = p_status WHERE slug = p_slug RETURNING id;
END;
--> statement-breakpoint
CREATE FUNCTION list_tenants() RETURNS TABLE (id uuid, slug text, name text, status text, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, t.slug, t.name, t.status, t.created_at FROM tenants t ORDER BY t.slug;
END;
--> statement-breakpoint
-- The hot read of every request, in one statement: who does this token of this firm belong to, and may they go on?
-- Seen at most once a minute, so that reading stays reading. What has run out is ended in writing: a clock that
-- steps back revives nothing (REL10).
CREATE FUNCTION read_session(p_tenant_id uuid, p_token_hash bytea, p_host text)
  RETURNS TABLE (
    state text, session_id uuid, kind text, duties text[], method text, expires_at timestamptz,
    member_id uuid, member_kind text, name text, username text, email text,
    group_id uuid, group_name text, group_preset text, permissions text[]
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_session sessions%ROWTYPE;
  v_state text := 'live';
BEGIN
  SELECT * INTO v_session FROM sessions s WHERE s.tenant_id = p_tenant_id AND s.token_hash = p_token_hash;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  IF v_session.revoked_at IS NOT NULL THEN
    v_state := 'revoked';
  ELSIF v_session.host <> p_host THEN
    v_state := 'wrong_host';
  ELSIF v_now >= v_session.expires_at
     OR v_now >= v_session.last_seen_at + make_interval(mins => v_session.idle_minutes) THEN
    v_state := 'expired';
    UPDATE sessions s SET revoked_at = v_now, revoked_reason = 'expired'
     WHERE s.tenant_id = p_tenant_id AND s.id = v_session.id AND s.revoked_at IS NULL;
  ELSIF v_now >= v_session.last_seen_at + interval '1 minute' THEN
    UPDATE sessions s SET last_seen_at = v_now
     WHERE s.tenant_id = p_tenant_id AND s.id = v_session.id AND s.revoked_at IS NULL AND s.last_seen_at < v_now;
  END IF;

  RETURN QUERY
    SELECT CASE WHEN v_state = 'live' AND (m.status <> 'enabled' OR t.status <> 'enabled') THEN 'disabled' ELSE v_state END,
           v_session.id, v_session.kind, v_session.duties, v_session.method, v_session.expires_at,
           m.id, m.kind, m.name, m.username, m.email, g.id, g.name, g.preset, g.permissions
      FROM members m
      JOIN tenants t ON t.id = m.tenant_id
      JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
     WHERE m.tenant_id = p_tenant_id AND m.id = v_session.member_id;
END
$$;
--> statement-breakpoint
-- Takes one from each allowance, in the order given, by the generic cell rate algorithm: at most p_bursts at once, then
-- one every p_every seconds. It stops at the first that is used up, so that whom a narrow limit refuses takes nothing
-- from a wider one. Insert and check are one statement: a parallel burst cannot exceed it (SEC13).
CREATE FUNCTION take_allowances(p_keys text[], p_bursts integer[], p_every double precision[]) RETURNS boolean
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_every interval;
BEGIN
  FOR i IN 1 .. cardinality(p_keys) LOOP
    v_every := make_interval(secs => p_every[i]);
    INSERT INTO rate_limits AS held (key, whole_at) VALUES (p_keys[i], v_now + v_every)
    ON CONFLICT (tenant_id, key) DO UPDATE SET whole_at = greatest(held.whole_at, v_now) + v_every
      WHERE greatest(held.whole_at, v_now) + v_every <= v_now + v_every * p_bursts[i];
    IF NOT FOUND THEN
      RETURN false;
    END IF;
  END LOOP;
  RETURN true;
END
$$;
--> statement-breakpoint
-- The outbox: a mail is enqueued in the transaction that makes it necessary, so a crash loses neither or both.
-- Suppressed mail is enqueued too: whether somebody exists must not show in how much work a request did (B1).
CREATE FUNCTION enqueue_outbox_email() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM graphile_worker.add_job(
    'deliver-email',
    json_build_object('tenantId', NEW.tenant_id, 'emailId', NEW.id),
    job_key := 'email:' || NEW.id
  );
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER outbox_emails_enqueue AFTER INSERT ON outbox_emails
  FOR EACH ROW EXECUTE FUNCTION enqueue_outbox_email();
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION
  find_tenant(text), create_tenant(text, text, text), change_tenant_status(text, text), list_tenants(),
  read_session(uuid, bytea, text), take_allowances(text[], integer[], double precision[]), enqueue_outbox_email()
FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION
  find_tenant(text), create_tenant(text, text, text), change_tenant_status(text, text), list_tenants(),
  read_session(uuid, bytea, text), take_allowances(text[], integer[], double precision[])
TO portal_app;
