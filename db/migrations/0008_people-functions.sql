GRANT SELECT, INSERT, UPDATE, DELETE ON
  api_tokens, idempotency_keys, client_staff, email_changes, firm_settings, imports, import_rows
TO portal_app;
--> statement-breakpoint
-- Links between firms are written and ended in both of them at once, by the functions below alone.
GRANT SELECT ON linked_firms TO portal_app;
--> statement-breakpoint
UPDATE security_groups SET permissions = permissions || ARRAY[
    'contacts:disable', 'contacts:import', 'members:delete', 'people:export', 'people:erase']
 WHERE preset = 'administrator';
--> statement-breakpoint
UPDATE security_groups SET permissions = permissions || ARRAY['contacts:disable', 'contacts:import']
 WHERE preset IN ('regular', 'regular_no_delete');
--> statement-breakpoint
-- Counts the versions of what two people may change at once (ETag, If-Match). Whoever writes cannot forget it.
CREATE FUNCTION count_version() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER members_count_version BEFORE UPDATE ON members FOR EACH ROW WHEN (
  (NEW.name, NEW.username, NEW.email, NEW.status, NEW.security_group_id, NEW.connection_id, NEW.must_change_password,
   NEW.time_zone, NEW.frozen_at, NEW.deleted_at) IS DISTINCT FROM
  (OLD.name, OLD.username, OLD.email, OLD.status, OLD.security_group_id, OLD.connection_id, OLD.must_change_password,
   OLD.time_zone, OLD.frozen_at, OLD.deleted_at)
) EXECUTE FUNCTION count_version();
--> statement-breakpoint
CREATE TRIGGER clients_count_version BEFORE UPDATE ON clients FOR EACH ROW EXECUTE FUNCTION count_version();
--> statement-breakpoint
CREATE TRIGGER security_groups_count_version BEFORE UPDATE ON security_groups
  FOR EACH ROW EXECUTE FUNCTION count_version();
--> statement-breakpoint
CREATE TRIGGER firm_settings_count_version BEFORE UPDATE ON firm_settings
  FOR EACH ROW EXECUTE FUNCTION count_version();
--> statement-breakpoint
-- As before, and which clients somebody sees, and in which time zone.
DROP FUNCTION read_session(uuid, bytea, text);
--> statement-breakpoint
CREATE FUNCTION read_session(p_tenant_id uuid, p_token_hash bytea, p_host text)
  RETURNS TABLE (
    state text, session_id uuid, kind text, duties text[], change_reason text, method text, expires_at timestamptz,
    member_id uuid, member_kind text, name text, username text, email text,
    group_id uuid, group_name text, group_preset text, permissions text[], client_scope text, time_zone text
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
           v_session.expires_at, m.id, m.kind, m.name, m.username, m.email, g.id, g.name, g.preset, g.permissions,
           g.client_scope, m.time_zone
      FROM members m
      JOIN tenants t ON t.id = m.tenant_id
      JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
     WHERE m.tenant_id = p_tenant_id AND m.id = v_session.member_id;
END
$$;
--> statement-breakpoint
-- Whom an API token speaks for. One statement, as for a session; its use is written down at most once a minute.
CREATE FUNCTION read_api_token(p_tenant_id uuid, p_token_hash bytea, p_source text)
  RETURNS TABLE (
    state text, token_id uuid, scopes text[], expires_at timestamptz,
    member_id uuid, member_kind text, name text, username text, email text,
    group_id uuid, group_name text, group_preset text, permissions text[], client_scope text, time_zone text
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_token api_tokens%ROWTYPE;
  v_state text := 'live';
BEGIN
  SELECT * INTO v_token FROM api_tokens a WHERE a.tenant_id = p_tenant_id AND a.token_hash = p_token_hash;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  IF v_token.ended_at IS NOT NULL THEN
    v_state := 'revoked';
  ELSIF v_now >= v_token.expires_at THEN
    v_state := 'expired';
    UPDATE api_tokens a SET ended_at = v_now, ended_reason = 'expired'
     WHERE a.tenant_id = p_tenant_id AND a.id = v_token.id AND a.ended_at IS NULL;
  ELSIF v_token.last_used_at IS NULL OR v_now >= v_token.last_used_at + interval '1 minute' THEN
    UPDATE api_tokens a SET last_used_at = v_now, last_used_source = p_source
     WHERE a.tenant_id = p_tenant_id AND a.id = v_token.id AND a.ended_at IS NULL
       AND (a.last_used_at IS NULL OR a.last_used_at < v_now);
  END IF;

  RETURN QUERY
    SELECT CASE WHEN v_state = 'live' AND (m.status <> 'enabled' OR m.frozen_at IS NOT NULL OR t.status <> 'enabled')
                THEN 'disabled' ELSE v_state END,
           v_token.id, v_token.scopes, v_token.expires_at,
           m.id, m.kind, m.name, m.username, m.email, g.id, g.name, g.preset, g.permissions, g.client_scope, m.time_zone
      FROM members m
      JOIN tenants t ON t.id = m.tenant_id
      JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
     WHERE m.tenant_id = p_tenant_id AND m.id = v_token.member_id;
END
$$;
--> statement-breakpoint
-- A firm's own name, and no other firm's: it stands in the global table, where the application may write nothing.
CREATE FUNCTION rename_current_tenant(p_name text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  UPDATE tenants SET name = p_name WHERE id = current_tenant_id();
END;
--> statement-breakpoint
-- Links an account of the current firm with the one of the same address in another firm, in both (X10, DEC22). Whether
-- the address was proven is the caller's to know; that it is the same one, and both may sign in, is checked here.
CREATE FUNCTION link_firms(p_member_id uuid, p_other_tenant_id uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_tenant_id uuid := current_tenant_id();
  v_other_id uuid;
BEGIN
  SELECT o.id INTO v_other_id
    FROM members m
    JOIN members o ON o.tenant_id = p_other_tenant_id AND o.email_key = m.email_key
    JOIN tenants t ON t.id = o.tenant_id AND t.status = 'enabled'
   WHERE m.tenant_id = v_tenant_id AND m.id = p_member_id AND p_other_tenant_id <> v_tenant_id
     AND m.status = 'enabled' AND o.status = 'enabled' AND m.frozen_at IS NULL AND o.frozen_at IS NULL;
  IF v_other_id IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO linked_firms (tenant_id, member_id, other_tenant_id, other_member_id)
  VALUES (v_tenant_id, p_member_id, p_other_tenant_id, v_other_id), (p_other_tenant_id, v_other_id, v_tenant_id, p_member_id)
  ON CONFLICT DO NOTHING;
  RETURN true;
END
$$;
--> statement-breakpoint
CREATE FUNCTION unlink_firms(p_member_id uuid, p_other_tenant_id uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_tenant_id uuid := current_tenant_id();
BEGIN
  DELETE FROM linked_firms l
   WHERE l.tenant_id = p_other_tenant_id AND l.other_tenant_id = v_tenant_id AND l.other_member_id = p_member_id;
  DELETE FROM linked_firms l
   WHERE l.tenant_id = v_tenant_id AND l.member_id = p_member_id AND l.other_tenant_id = p_other_tenant_id;
  RETURN FOUND;
END
$$;
--> statement-breakpoint
-- The firms that a member of the current one has linked: what their landing page may say of them, and no more.
CREATE FUNCTION list_linked_firms(p_member_id uuid) RETURNS TABLE (
    tenant_id uuid, slug text, name text, accent text, kind text, username text, last_sign_in_at timestamptz,
    may_sign_in boolean, federated boolean, has_password boolean, must_change_password boolean
  )
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, t.slug, t.name, t.accent, o.kind, o.username, o.last_sign_in_at,
         o.status = 'enabled' AND o.frozen_at IS NULL, o.connection_id IS NOT NULL,
         EXISTS (SELECT FROM password_credentials c WHERE c.tenant_id = o.tenant_id AND c.member_id = o.id),
         o.must_change_password
    FROM linked_firms l
    JOIN tenants t ON t.id = l.other_tenant_id AND t.status = 'enabled'
    JOIN members o ON o.tenant_id = l.other_tenant_id AND o.id = l.other_member_id
   WHERE l.tenant_id = current_tenant_id() AND l.member_id = p_member_id
   ORDER BY o.last_sign_in_at DESC NULLS LAST, t.name;
END;
--> statement-breakpoint
-- A file is read and applied in the background; a crash loses no line of it.
CREATE FUNCTION enqueue_import() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM graphile_worker.add_job(
    'import-people',
    json_build_object('tenantId', NEW.tenant_id, 'importId', NEW.id),
    job_key := 'import:' || NEW.id || ':' || NEW.status,
    priority := 5
  );
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER imports_enqueue AFTER UPDATE OF status ON imports
  FOR EACH ROW WHEN (NEW.status IN ('checking', 'running') AND OLD.status <> NEW.status) EXECUTE FUNCTION enqueue_import();
--> statement-breakpoint
CREATE OR REPLACE FUNCTION list_chores() RETURNS TABLE (tenant_id uuid, chore text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, 'warn_of_expiry' FROM tenants t
   WHERE t.status = 'enabled' AND (
     SELECT (o.options ->> 'expiryDays')::integer > 0 FROM security_options o
      WHERE o.tenant_id = t.id ORDER BY o.version DESC LIMIT 1)
  UNION ALL
  SELECT DISTINCT r.tenant_id, 'apply_held_addresses' FROM recovery_requests r
    JOIN tenants t ON t.id = r.tenant_id AND t.status = 'enabled'
   WHERE r.status = 'held' AND r.held_until <= portal_now()
  UNION ALL
  SELECT DISTINCT m.tenant_id, 'erase_deleted' FROM members m
    JOIN tenants t ON t.id = m.tenant_id AND t.status = 'enabled'
    LEFT JOIN firm_settings f ON f.tenant_id = m.tenant_id
   WHERE m.deleted_at IS NOT NULL AND m.erased_at IS NULL
     AND m.deleted_at <= portal_now() - make_interval(days => coalesce(f.deleted_days, 90));
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

  -- A secret is of no use once it has ended; that it was there stays in the audit log.
  DELETE FROM api_tokens WHERE ctid IN (
    SELECT ctid FROM api_tokens WHERE least(ended_at, expires_at) < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM idempotency_keys WHERE ctid IN (
    SELECT ctid FROM idempotency_keys WHERE created_at < v_now - interval '24 hours' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM email_changes WHERE ctid IN (
    SELECT ctid FROM email_changes WHERE created_at < v_now - interval '90 days' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- With their rows. An upload that nobody went on with is somebody's list of people.
  DELETE FROM imports WHERE ctid IN (
    SELECT ctid FROM imports
     WHERE created_at < v_now - CASE WHEN status IN ('done', 'cancelled') THEN v_kept ELSE interval '1 day' END
       AND status <> 'running' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM recovery_requests WHERE ctid IN (
    SELECT ctid FROM recovery_requests
     WHERE status IN ('done', 'refused', 'cancelled') AND created_at < v_now - interval '1 year' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- Only where the firm has said for how long: the application itself can remove no event.
  DELETE FROM audit_events WHERE ctid IN (
    SELECT e.ctid FROM firm_settings f JOIN audit_events e
        ON e.tenant_id = f.tenant_id AND e.created_at < v_now - make_interval(days => f.audit_days)
     WHERE f.audit_days IS NOT NULL LIMIT p_batch);
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
  count_version(), read_session(uuid, bytea, text), read_api_token(uuid, bytea, text), rename_current_tenant(text),
  link_firms(uuid, uuid), unlink_firms(uuid, uuid), list_linked_firms(uuid), enqueue_import()
FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION
  read_session(uuid, bytea, text), read_api_token(uuid, bytea, text), rename_current_tenant(text),
  link_firms(uuid, uuid), unlink_firms(uuid, uuid), list_linked_firms(uuid)
TO portal_app;
