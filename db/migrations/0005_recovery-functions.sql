GRANT SELECT, INSERT, UPDATE, DELETE ON
  password_history, sign_in_failures, known_devices, credential_batches, credential_batch_rows, recovery_requests
TO portal_app;
--> statement-breakpoint
-- Every version stays: what a firm decided, and when, is evidence.
GRANT SELECT, INSERT ON security_options TO portal_app;
--> statement-breakpoint
UPDATE security_groups SET permissions = permissions || ARRAY['members:set_password', 'recovery:manage']
 WHERE preset = 'administrator';
--> statement-breakpoint
-- Takes one try of a member's password from a place before it is judged, so that a parallel burst cannot exceed the
-- budget (SEC13, REL6). `p_cap` bounds all unknown places together; a known device has none. A try that is refused
-- raises nothing. The row of all places comes first, here and wherever several are taken. For nobody's name it does the
-- same and says yes: an unknown name is never locked.
CREATE FUNCTION take_sign_in_attempt(p_member_id uuid, p_place text, p_limit integer, p_cap integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_exists boolean := EXISTS (SELECT FROM members WHERE id = p_member_id);
BEGIN
  IF p_cap IS NOT NULL THEN
    INSERT INTO sign_in_failures AS held (member_id, place, failures, last_at)
      SELECT id, '*', 1, v_now FROM members WHERE id = p_member_id
    ON CONFLICT (tenant_id, member_id, place) DO UPDATE SET failures = held.failures + 1, last_at = v_now
      WHERE held.failures < p_cap;
    IF v_exists AND NOT FOUND THEN
      RETURN false;
    END IF;
  END IF;
  INSERT INTO sign_in_failures AS held (member_id, place, failures, last_at)
    SELECT id, p_place, 1, v_now FROM members WHERE id = p_member_id
  ON CONFLICT (tenant_id, member_id, place) DO UPDATE SET failures = held.failures + 1, last_at = v_now
    WHERE held.failures < p_limit;
  IF FOUND OR NOT v_exists THEN
    RETURN true;
  END IF;
  IF p_cap IS NOT NULL THEN
    DELETE FROM sign_in_failures WHERE member_id = p_member_id AND place = '*' AND failures = 1;
    UPDATE sign_in_failures SET failures = failures - 1 WHERE member_id = p_member_id AND place = '*' AND failures > 1;
  END IF;
  RETURN false;
END
$$;
--> statement-breakpoint
-- As before, and why a pending session has to change the password; a frozen account is as good as disabled.
DROP FUNCTION read_session(uuid, bytea, text);
--> statement-breakpoint
CREATE FUNCTION read_session(p_tenant_id uuid, p_token_hash bytea, p_host text)
  RETURNS TABLE (
    state text, session_id uuid, kind text, duties text[], change_reason text, method text, expires_at timestamptz,
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
    SELECT CASE WHEN v_state = 'live' AND (m.status <> 'enabled' OR m.frozen_at IS NOT NULL OR t.status <> 'enabled')
                THEN 'disabled' ELSE v_state END,
           v_session.id, v_session.kind, v_session.duties, v_session.change_reason, v_session.method,
           v_session.expires_at, m.id, m.kind, m.name, m.username, m.email, g.id, g.name, g.preset, g.permissions
      FROM members m
      JOIN tenants t ON t.id = m.tenant_id
      JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
     WHERE m.tenant_id = p_tenant_id AND m.id = v_session.member_id;
END
$$;
--> statement-breakpoint
-- What a person waits for goes before what was sent to many (REL3); a mail that can be taken back waits its seconds.
CREATE OR REPLACE FUNCTION enqueue_outbox_email() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM graphile_worker.add_job(
    'deliver-email',
    json_build_object('tenantId', NEW.tenant_id, 'emailId', NEW.id),
    job_key := 'email:' || NEW.id,
    run_at := NEW.not_before,
    priority := CASE WHEN NEW.bulk THEN 10 ELSE 0 END
  );
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- A batch is worked off in the background from the moment at which somebody confirms it; a crash loses no row of it.
CREATE FUNCTION enqueue_credential_batch() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM graphile_worker.add_job(
    'send-credentials',
    json_build_object('tenantId', NEW.tenant_id, 'batchId', NEW.id),
    job_key := 'batch:' || NEW.id,
    priority := 5
  );
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER credential_batches_enqueue AFTER UPDATE OF status ON credential_batches
  FOR EACH ROW WHEN (NEW.status = 'sending' AND OLD.status <> 'sending') EXECUTE FUNCTION enqueue_credential_batch();
--> statement-breakpoint
-- Which firms have something due that nobody asks for: passwords that will expire, new addresses whose day is over.
-- Ids only; the work is done firm by firm.
CREATE FUNCTION list_chores() RETURNS TABLE (tenant_id uuid, chore text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, 'warn_of_expiry' FROM tenants t
   WHERE t.status = 'enabled' AND (
     SELECT (o.options ->> 'expiryDays')::integer > 0 FROM security_options o
      WHERE o.tenant_id = t.id ORDER BY o.version DESC LIMIT 1)
  UNION ALL
  SELECT DISTINCT r.tenant_id, 'apply_held_addresses' FROM recovery_requests r
    JOIN tenants t ON t.id = r.tenant_id AND t.status = 'enabled'
   WHERE r.status = 'held' AND r.held_until <= portal_now();
END;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION purge_expired(p_batch integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_kept interval := interval '30 days';
  v_gone bigint := 0;
  v_rows bigint;
BEGIN
  DELETE FROM sessions WHERE ctid IN (
    SELECT ctid FROM sessions WHERE expires_at < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM one_time_secrets WHERE ctid IN (
    SELECT ctid FROM one_time_secrets WHERE expires_at < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM outbox_emails WHERE ctid IN (
    SELECT ctid FROM outbox_emails WHERE status <> 'queued' AND created_at < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM rate_limits WHERE ctid IN (
    SELECT ctid FROM rate_limits WHERE whole_at < v_now LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- A browser that has not come for a year is a stranger again.
  DELETE FROM known_devices WHERE ctid IN (
    SELECT ctid FROM known_devices WHERE last_used_at < v_now - interval '1 year' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- Places that lock nobody and were quiet for three months. What locks stays until somebody opens it (000-19).
  DELETE FROM sign_in_failures WHERE ctid IN (
    SELECT ctid FROM sign_in_failures
     WHERE failures < 3 AND place <> '*' AND last_at < v_now - interval '90 days' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- With their rows. What was sent stands in the audit log.
  DELETE FROM credential_batches WHERE ctid IN (
    SELECT ctid FROM credential_batches WHERE status <> 'sending' AND created_at < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- A window that still holds a count is kept: the next event must say it.
  DELETE FROM refusal_windows WHERE ctid IN (
    SELECT ctid FROM refusal_windows WHERE uncounted = 0 AND opened_at < v_now - interval '1 hour' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_gone + v_rows;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION
  take_sign_in_attempt(uuid, text, integer, integer), read_session(uuid, bytea, text), enqueue_credential_batch(),
  list_chores()
FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION
  take_sign_in_attempt(uuid, text, integer, integer), read_session(uuid, bytea, text), list_chores()
TO portal_app;
