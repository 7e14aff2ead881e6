-- What a process keeps of a firm is good for one version of it, and is told at once when there is another (PERFORMANCE 5).
CREATE FUNCTION count_tenant_version() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  NEW.version := nextval('tenant_versions');
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER tenants_count_version BEFORE UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION count_tenant_version();
--> statement-breakpoint
-- A new firm is told of too: its name may have been asked for before there was one.
CREATE FUNCTION tell_of_tenant() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM pg_notify('firm_changed', OLD.slug);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM pg_notify('firm_changed', NEW.slug);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER tenants_tell AFTER INSERT OR UPDATE OR DELETE ON tenants FOR EACH ROW EXECUTE FUNCTION tell_of_tenant();
--> statement-breakpoint
-- What signed-out pages show of a firm lies in several tables. At the end of the transaction, so that the firm's row is
-- locked last and only for that long: no two changes of one firm can wait for each other.
CREATE FUNCTION touch_tenant() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  UPDATE tenants SET version = version WHERE id = coalesce(NEW.tenant_id, OLD.tenant_id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER firm_settings_touch_tenant AFTER INSERT OR UPDATE OR DELETE ON firm_settings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch_tenant();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER security_options_touch_tenant AFTER INSERT OR UPDATE OR DELETE ON security_options
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch_tenant();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER sso_enforcements_touch_tenant AFTER INSERT OR UPDATE OR DELETE ON sso_enforcements
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch_tenant();
--> statement-breakpoint
-- Connections and their domains change with what is counted and checked on them too, which nobody is shown.
CREATE CONSTRAINT TRIGGER connections_touch_tenant AFTER INSERT OR DELETE ON connections
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch_tenant();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER connections_change_touches_tenant AFTER UPDATE ON connections
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
    (NEW.state, NEW.name, NEW.kind, NEW.provider) IS DISTINCT FROM (OLD.state, OLD.name, OLD.kind, OLD.provider))
  EXECUTE FUNCTION touch_tenant();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER connection_domains_touch_tenant AFTER INSERT OR DELETE ON connection_domains
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch_tenant();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER connection_domains_change_touches_tenant AFTER UPDATE ON connection_domains
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
    (NEW.domain, NEW.connection_id, NEW.proven_at) IS DISTINCT FROM (OLD.domain, OLD.connection_id, OLD.proven_at))
  EXECUTE FUNCTION touch_tenant();
--> statement-breakpoint
-- As before, and the firm's version.
DROP FUNCTION find_tenant(text);
--> statement-breakpoint
CREATE FUNCTION find_tenant(p_slug text)
  RETURNS TABLE (id uuid, slug text, name text, status text, accent text, version bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, t.slug, t.name, t.status, t.accent, t.version FROM tenants t WHERE t.slug = p_slug;
END;
--> statement-breakpoint
-- As before, in one join of index look-ups where nothing has to be written; and how the session began, when it was seen,
-- and which version of the firm is the present one, so that no answer needs a second statement (PERF11).
DROP FUNCTION read_session(uuid, bytea, text);
--> statement-breakpoint
CREATE FUNCTION read_session(p_tenant_id uuid, p_token_hash bytea, p_host text)
  RETURNS TABLE (
    state text, session_id uuid, kind text, duties text[], change_reason text, method text, expires_at timestamptz,
    idle_minutes integer, proofs text[], proven_at timestamptz, factor_at timestamptz,
    member_id uuid, member_kind text, name text, username text, email text,
    group_id uuid, group_name text, group_preset text, permissions text[], client_scope text, time_zone text,
    started_at timestamptz, last_seen_at timestamptz, as_of timestamptz, tenant_version bigint
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_hash bytea := p_token_hash;
  v_host text;
  v_revoked_at timestamptz;
  v_token_seen boolean;
  v_may_enter boolean;
  v_retired_at timestamptz;
  v_superseded boolean;
BEGIN
  as_of := portal_now();
  LOOP
    SELECT s.id, s.kind, s.duties, s.change_reason, s.method, s.expires_at, s.idle_minutes, s.proofs, s.proven_at,
           s.factor_at, s.created_at, s.last_seen_at, s.host, s.revoked_at, s.token_seen,
           m.id, m.kind, m.name, m.username, m.email, m.time_zone,
           g.id, g.name, g.preset, g.permissions, g.client_scope,
           m.status = 'enabled' AND m.frozen_at IS NULL AND t.status = 'enabled', t.version
      INTO session_id, kind, duties, change_reason, method, expires_at, idle_minutes, proofs, proven_at,
           factor_at, started_at, last_seen_at, v_host, v_revoked_at, v_token_seen,
           member_id, member_kind, name, username, email, time_zone,
           group_id, group_name, group_preset, permissions, client_scope,
           v_may_enter, tenant_version
      FROM sessions s
      JOIN members m ON m.tenant_id = s.tenant_id AND m.id = s.member_id
      JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
      JOIN tenants t ON t.id = s.tenant_id
     WHERE s.tenant_id = p_tenant_id AND s.token_hash = v_hash;
    EXIT WHEN FOUND;
    -- A token that the session had before its present one.
    SELECT r.retired_at, r.superseded, s.token_hash INTO v_retired_at, v_superseded, v_hash
      FROM retired_session_tokens r JOIN sessions s ON s.tenant_id = r.tenant_id AND s.id = r.session_id
     WHERE r.tenant_id = p_tenant_id AND r.token_hash = p_token_hash;
    IF NOT FOUND THEN
      RETURN;
    END IF;
  END LOOP;

  IF v_retired_at IS NULL AND NOT v_token_seen THEN
    UPDATE sessions s SET token_seen = true
     WHERE s.tenant_id = p_tenant_id AND s.id = session_id AND s.token_hash = p_token_hash;
    IF FOUND THEN
      UPDATE retired_session_tokens r SET superseded = true
       WHERE r.tenant_id = p_tenant_id AND r.session_id = read_session.session_id AND NOT r.superseded;
    END IF;
  END IF;

  state := 'live';
  IF v_revoked_at IS NOT NULL THEN
    state := 'revoked';
  ELSIF v_host <> p_host THEN
    state := 'wrong_host';
  ELSIF v_superseded AND as_of >= v_retired_at + interval '60 seconds' THEN
    state := 'reused';
    UPDATE sessions s SET revoked_at = as_of, revoked_reason = 'token_reused'
     WHERE s.tenant_id = p_tenant_id AND s.id = session_id AND s.revoked_at IS NULL;
  ELSIF as_of >= expires_at OR as_of >= last_seen_at + make_interval(mins => idle_minutes) THEN
    state := 'expired';
    UPDATE sessions s SET revoked_at = as_of, revoked_reason = 'expired'
     WHERE s.tenant_id = p_tenant_id AND s.id = session_id AND s.revoked_at IS NULL;
  ELSIF as_of >= last_seen_at + interval '1 minute' THEN
    UPDATE sessions s SET last_seen_at = as_of
     WHERE s.tenant_id = p_tenant_id AND s.id = session_id AND s.revoked_at IS NULL
       AND s.last_seen_at < as_of;
    last_seen_at := as_of;
  END IF;

  IF state = 'live' AND NOT v_may_enter THEN
    state := 'disabled';
  END IF;
  -- What a session has proven since a token was exchanged is not told to whoever comes with that token.
  IF proven_at >= v_retired_at THEN
    proven_at := started_at;
  END IF;
  IF factor_at >= v_retired_at THEN
    factor_at := NULL;
  END IF;
  RETURN NEXT;
END
$$;
--> statement-breakpoint
DROP FUNCTION read_api_token(uuid, bytea, text);
--> statement-breakpoint
CREATE FUNCTION read_api_token(p_tenant_id uuid, p_token_hash bytea, p_source text)
  RETURNS TABLE (
    state text, token_id uuid, scopes text[], expires_at timestamptz,
    member_id uuid, member_kind text, name text, username text, email text,
    group_id uuid, group_name text, group_preset text, permissions text[], client_scope text, time_zone text,
    started_at timestamptz, tenant_version bigint
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_ended_at timestamptz;
  v_last_used_at timestamptz;
  v_may_enter boolean;
BEGIN
  SELECT a.id, a.scopes, a.expires_at, a.created_at, a.ended_at, a.last_used_at,
         m.id, m.kind, m.name, m.username, m.email, m.time_zone,
         g.id, g.name, g.preset, g.permissions, g.client_scope,
         m.status = 'enabled' AND m.frozen_at IS NULL AND t.status = 'enabled', t.version
    INTO token_id, scopes, expires_at, started_at, v_ended_at, v_last_used_at,
         member_id, member_kind, name, username, email, time_zone,
         group_id, group_name, group_preset, permissions, client_scope,
         v_may_enter, tenant_version
    FROM api_tokens a
    JOIN members m ON m.tenant_id = a.tenant_id AND m.id = a.member_id
    JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.security_group_id
    JOIN tenants t ON t.id = a.tenant_id
   WHERE a.tenant_id = p_tenant_id AND a.token_hash = p_token_hash;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  state := 'live';
  IF v_ended_at IS NOT NULL THEN
    state := 'revoked';
  ELSIF v_now >= expires_at THEN
    state := 'expired';
    UPDATE api_tokens a SET ended_at = v_now, ended_reason = 'expired'
     WHERE a.tenant_id = p_tenant_id AND a.id = token_id AND a.ended_at IS NULL;
  ELSIF v_last_used_at IS NULL OR v_now >= v_last_used_at + interval '1 minute' THEN
    UPDATE api_tokens a SET last_used_at = v_now, last_used_source = p_source
     WHERE a.tenant_id = p_tenant_id AND a.id = token_id AND a.ended_at IS NULL
       AND (a.last_used_at IS NULL OR a.last_used_at < v_now);
  END IF;

  IF state = 'live' AND NOT v_may_enter THEN
    state := 'disabled';
  END IF;
  RETURN NEXT;
END
$$;
--> statement-breakpoint
UPDATE security_groups SET permissions = permissions || ARRAY['tokens:introspect']
 WHERE preset IN ('administrator', 'orchestration');
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION
  count_tenant_version(), tell_of_tenant(), touch_tenant(), find_tenant(text), read_session(uuid, bytea, text),
  read_api_token(uuid, bytea, text)
FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION find_tenant(text), read_session(uuid, bytea, text), read_api_token(uuid, bytea, text)
TO portal_app;
