GRANT SELECT, INSERT, UPDATE, DELETE ON
  totp_factors, recovery_codes, passkeys, factor_resets, retired_session_tokens
TO portal_app;
--> statement-breakpoint
-- What has been answered is never taken back by the application; the purge below removes what has run out.
GRANT SELECT, INSERT ON spent_challenges TO portal_app;
--> statement-breakpoint
UPDATE security_groups SET permissions = permissions || ARRAY['sessions:manage', 'factors:reset']
 WHERE preset = 'administrator';
--> statement-breakpoint
-- Sessions that began before proofs were kept: what they began with is their proof.
UPDATE sessions SET proofs = ARRAY[method], proven_at = created_at, rotated_at = created_at;
--> statement-breakpoint
-- As before, with how long a member may do nothing.
DROP TRIGGER members_count_version ON members;
--> statement-breakpoint
CREATE TRIGGER members_count_version BEFORE UPDATE ON members FOR EACH ROW WHEN (
  (NEW.name, NEW.username, NEW.email, NEW.status, NEW.security_group_id, NEW.connection_id, NEW.must_change_password,
   NEW.enrolment_required, NEW.idle_minutes, NEW.time_zone, NEW.frozen_at, NEW.deleted_at) IS DISTINCT FROM
  (OLD.name, OLD.username, OLD.email, OLD.status, OLD.security_group_id, OLD.connection_id, OLD.must_change_password,
   OLD.enrolment_required, OLD.idle_minutes, OLD.time_zone, OLD.frozen_at, OLD.deleted_at)
) EXECUTE FUNCTION count_version();
--> statement-breakpoint
-- As before, and what the session has proven, and when. A token that was exchanged is good for a minute more, for the
-- requests that were under way; later it has been copied, and everything that came of that sign-in ends (I4, DEC20).
DROP FUNCTION read_session(uuid, bytea, text);
--> statement-breakpoint
CREATE FUNCTION read_session(p_tenant_id uuid, p_token_hash bytea, p_host text)
  RETURNS TABLE (
    state text, session_id uuid, kind text, duties text[], change_reason text, method text, expires_at timestamptz,
    idle_minutes integer, proofs text[], proven_at timestamptz, factor_at timestamptz,
    member_id uuid, member_kind text, name text, username text, email text,
    group_id uuid, group_name text, group_preset text, permissions text[], client_scope text, time_zone text
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_session sessions%ROWTYPE;
  v_retired_at timestamptz;
  v_state text := 'live';
BEGIN
  SELECT * INTO v_session FROM sessions s WHERE s.tenant_id = p_tenant_id AND s.token_hash = p_token_hash;
  IF NOT FOUND THEN
    SELECT r.retired_at INTO v_retired_at FROM retired_session_tokens r
     WHERE r.tenant_id = p_tenant_id AND r.token_hash = p_token_hash;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    SELECT s.* INTO v_session FROM sessions s JOIN retired_session_tokens r
        ON r.tenant_id = s.tenant_id AND r.session_id = s.id
     WHERE r.tenant_id = p_tenant_id AND r.token_hash = p_token_hash;
  END IF;

  IF v_session.revoked_at IS NOT NULL THEN
    v_state := 'revoked';
  ELSIF v_session.host <> p_host THEN
    v_state := 'wrong_host';
  ELSIF v_retired_at IS NOT NULL AND v_now >= v_retired_at + interval '60 seconds' THEN
    v_state := 'reused';
    UPDATE sessions s SET revoked_at = v_now, revoked_reason = 'token_reused'
     WHERE s.tenant_id = p_tenant_id AND s.id = v_session.id AND s.revoked_at IS NULL;
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
           v_session.expires_at, v_session.idle_minutes, v_session.proofs, v_session.proven_at, v_session.factor_at,
           m.id, m.kind, m.name, m.username, m.email, g.id, g.name, g.preset, g.permissions,
           g.client_scope, m.time_zone
      FROM members m
      JOIN tenants t ON t.id = m.tenant_id
      JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
     WHERE m.tenant_id = p_tenant_id AND m.id = v_session.member_id;
END
$$;
--> statement-breakpoint
-- Exchanges the token of a full session that has had its own for a while, in one statement's time: of two requests with
-- the old one a single one gets the new. True when it did.
CREATE FUNCTION rotate_session(p_tenant_id uuid, p_token_hash bytea, p_host text, p_new_hash bytea, p_after interval)
  RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_id uuid;
BEGIN
  UPDATE sessions s SET token_hash = p_new_hash, rotated_at = v_now
   WHERE s.tenant_id = p_tenant_id AND s.token_hash = p_token_hash AND s.host = p_host AND s.kind = 'full'
     AND s.revoked_at IS NULL AND v_now < s.expires_at
     AND v_now < s.last_seen_at + make_interval(mins => s.idle_minutes) AND v_now >= s.rotated_at + p_after
  RETURNING s.id INTO v_id;
  IF v_id IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO retired_session_tokens (tenant_id, token_hash, session_id, retired_at)
  VALUES (p_tenant_id, p_token_hash, v_id, v_now);
  RETURN true;
END
$$;
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
  SELECT DISTINCT f.tenant_id, 'apply_factor_resets' FROM factor_resets f
    JOIN tenants t ON t.id = f.tenant_id AND t.status = 'enabled'
   WHERE f.status = 'held' AND f.held_until <= portal_now()
  UNION ALL
  SELECT DISTINCT m.tenant_id, 'erase_deleted' FROM members m
    JOIN tenants t ON t.id = m.tenant_id AND t.status = 'enabled'
    LEFT JOIN firm_settings f ON f.tenant_id = m.tenant_id
   WHERE m.deleted_at IS NOT NULL AND m.erased_at IS NULL
     AND m.deleted_at <= portal_now() - make_interval(days => coalesce(f.deleted_days, 90));
END;
--> statement-breakpoint
-- Firms with a secret that an older key than this one has sealed (SEC88).
CREATE FUNCTION list_tenants_sealed_otherwise(p_key_id text) RETURNS TABLE (tenant_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.tenant_id FROM totp_factors t WHERE t.key_id <> p_key_id
  UNION
  SELECT r.tenant_id FROM recovery_codes r WHERE r.key_id <> p_key_id;
END;
--> statement-breakpoint
-- Beside purge_expired(): what second factors leave behind.
CREATE FUNCTION purge_factor_traces(p_batch integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_gone bigint := 0;
  v_rows bigint;
BEGIN
  DELETE FROM spent_challenges WHERE ctid IN (
    SELECT ctid FROM spent_challenges WHERE expires_at < v_now - interval '1 hour' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- An app that was scanned and never confirmed.
  DELETE FROM totp_factors WHERE ctid IN (
    SELECT ctid FROM totp_factors WHERE confirmed_at IS NULL AND created_at < v_now - interval '1 day' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM factor_resets WHERE ctid IN (
    SELECT ctid FROM factor_resets
     WHERE status <> 'held' AND created_at < v_now - interval '1 year' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_gone + v_rows;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION
  read_session(uuid, bytea, text), rotate_session(uuid, bytea, text, bytea, interval),
  list_tenants_sealed_otherwise(text), purge_factor_traces(integer)
FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION
  read_session(uuid, bytea, text), rotate_session(uuid, bytea, text, bytea, interval),
  list_tenants_sealed_otherwise(text), purge_factor_traces(integer)
TO portal_app;
