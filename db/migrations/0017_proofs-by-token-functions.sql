-- As before; and what a session has proven since a token was exchanged is not told to whoever comes with that token. A token
-- that comes back after its minute has been copied only if somebody has come with its successor: else the answer that
-- brought that one got lost.
CREATE OR REPLACE FUNCTION read_session(p_tenant_id uuid, p_token_hash bytea, p_host text)
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
  v_superseded boolean;
  v_state text := 'live';
BEGIN
  SELECT * INTO v_session FROM sessions s WHERE s.tenant_id = p_tenant_id AND s.token_hash = p_token_hash;
  IF NOT FOUND THEN
    SELECT r.retired_at, r.superseded INTO v_retired_at, v_superseded FROM retired_session_tokens r
     WHERE r.tenant_id = p_tenant_id AND r.token_hash = p_token_hash;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    SELECT s.* INTO v_session FROM sessions s JOIN retired_session_tokens r
        ON r.tenant_id = s.tenant_id AND r.session_id = s.id
     WHERE r.tenant_id = p_tenant_id AND r.token_hash = p_token_hash;
  ELSIF NOT v_session.token_seen THEN
    UPDATE sessions s SET token_seen = true
     WHERE s.tenant_id = p_tenant_id AND s.id = v_session.id AND s.token_hash = p_token_hash;
    IF FOUND THEN
      UPDATE retired_session_tokens r SET superseded = true
       WHERE r.tenant_id = p_tenant_id AND r.session_id = v_session.id AND NOT r.superseded;
    END IF;
  END IF;

  IF v_session.revoked_at IS NOT NULL THEN
    v_state := 'revoked';
  ELSIF v_session.host <> p_host THEN
    v_state := 'wrong_host';
  ELSIF v_superseded AND v_now >= v_retired_at + interval '60 seconds' THEN
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
           v_session.expires_at, v_session.idle_minutes, v_session.proofs,
           CASE WHEN v_session.proven_at >= v_retired_at THEN v_session.created_at ELSE v_session.proven_at END,
           CASE WHEN v_session.factor_at >= v_retired_at THEN NULL ELSE v_session.factor_at END,
           m.id, m.kind, m.name, m.username, m.email, g.id, g.name, g.preset, g.permissions,
           g.client_scope, m.time_zone
      FROM members m
      JOIN tenants t ON t.id = m.tenant_id
      JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
     WHERE m.tenant_id = p_tenant_id AND m.id = v_session.member_id;
END
$$;
--> statement-breakpoint
-- As before; and a token that comes back after its minute, before anybody has come with its successor, is exchanged again.
-- Of many requests with one token a single one gets the new: the others wait for its row, and find it exchanged just now.
CREATE OR REPLACE FUNCTION rotate_session(
    p_tenant_id uuid, p_token_hash bytea, p_host text, p_new_hash bytea, p_after interval)
  RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_grace interval := interval '60 seconds';
  v_session sessions%ROWTYPE;
  v_due boolean;
BEGIN
  -- What most page visits find, without a lock.
  PERFORM 1 FROM sessions s
    WHERE s.tenant_id = p_tenant_id AND s.token_hash = p_token_hash AND v_now < s.rotated_at + p_after;
  IF FOUND THEN
    RETURN false;
  END IF;

  SELECT s.* INTO v_session FROM sessions s
   WHERE s.tenant_id = p_tenant_id AND s.token_hash = p_token_hash FOR UPDATE;
  IF FOUND THEN
    v_due := v_now >= v_session.rotated_at + p_after;
  ELSE
    SELECT s.* INTO v_session FROM sessions s JOIN retired_session_tokens r
        ON r.tenant_id = s.tenant_id AND r.session_id = s.id
     WHERE r.tenant_id = p_tenant_id AND r.token_hash = p_token_hash AND NOT r.superseded
       AND v_now >= r.retired_at + v_grace
       FOR UPDATE OF s;
    v_due := FOUND AND NOT v_session.token_seen AND v_now >= v_session.rotated_at + v_grace;
  END IF;
  IF NOT v_due OR v_session.host <> p_host OR v_session.kind <> 'full' OR v_session.revoked_at IS NOT NULL
     OR v_now >= v_session.expires_at
     OR v_now >= v_session.last_seen_at + make_interval(mins => v_session.idle_minutes) THEN
    RETURN false;
  END IF;

  INSERT INTO retired_session_tokens (tenant_id, token_hash, session_id, retired_at)
  VALUES (p_tenant_id, v_session.token_hash, v_session.id, v_now);
  UPDATE sessions s SET token_hash = p_new_hash, rotated_at = v_now, token_seen = false
   WHERE s.tenant_id = p_tenant_id AND s.id = v_session.id;
  RETURN true;
END
$$;
