-- What a sign-in and a reset request read and write, each in one statement (PERF11). All run with the caller's rights, inside
-- a transaction of one firm: row-level security shows them that firm's rows. What follows from the facts is decided outside.

-- What counts in this firm now: the newest options, and since when whom SSO alone lets in.
CREATE FUNCTION current_policy() RETURNS jsonb
  LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT jsonb_build_object('options', o.options, 'version', o.version, 'expirySince', o.expiry_since,
                            'scope', e.scope, 'enforcedFrom', e.enforced_from)
    FROM tenants t LEFT JOIN security_options o ON true LEFT JOIN sso_enforcements e ON true
   ORDER BY o.version DESC NULLS LAST LIMIT 1;
END;
--> statement-breakpoint
-- Looks a typed name up, tells whether its browser is known, and takes the allowances and one try, in this order: a request
-- that is refused before its password is judged is no try. Nor is one at an account that no password opens, or strangers
-- could keep its owner from typing a second factor after single sign-on (SEC16). The last allowance is the firm's: what
-- strangers use up of it keeps nobody out of a browser of their own (C8).
CREATE FUNCTION begin_sign_in(
  p_key text, p_device_token bytea, p_source_place text,
  p_limit_keys text[], p_bursts integer[], p_every double precision[],
  p_lock_after integer, p_cap integer, p_everywhere text, p_burst_seconds double precision,
  OUT member_id uuid, OUT device_id uuid, OUT allowed boolean, OUT attempt_on uuid, OUT attempt_allowed boolean,
  OUT late_failures integer, OUT hash text
)
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  v_federated boolean;
  v_limits integer := cardinality(p_limit_keys);
  v_lock_after integer := coalesce((current_policy() -> 'options' ->> 'lockAfter')::integer, p_lock_after);
BEGIN
  SELECT m.id, m.connection_id IS NOT NULL INTO member_id, v_federated
    FROM members m WHERE m.username_key = p_key OR m.email_key = p_key LIMIT 1;
  -- For nobody the same is asked as for somebody (SEC11).
  member_id := coalesce(member_id, v_nobody);
  SELECT d.id INTO device_id FROM known_devices d WHERE d.member_id = begin_sign_in.member_id AND d.token_hash = p_device_token;
  IF device_id IS NOT NULL THEN
    v_limits := v_limits - 1;
    p_cap := NULL;
  END IF;
  allowed := take_allowances(p_limit_keys[:v_limits], p_bursts[:v_limits], p_every[:v_limits]);
  SELECT coalesce(sum(f.failures), 0) INTO late_failures FROM sign_in_failures f
   WHERE f.member_id = begin_sign_in.member_id AND f.place <> p_everywhere
     AND f.last_at > portal_now() - make_interval(secs => p_burst_seconds);
  attempt_on := CASE WHEN allowed AND NOT v_federated THEN member_id ELSE v_nobody END;
  attempt_allowed := take_sign_in_attempt(attempt_on, coalesce('device:' || device_id, p_source_place), v_lock_after, p_cap);
  SELECT c.hash INTO hash FROM password_credentials c WHERE c.member_id = begin_sign_in.member_id;
END
$$;
--> statement-breakpoint
-- Locks the member, uses up the mailed temporary password that was typed, if one was, and gives all that a sign-in is decided
-- by, as it is true now: what waited for the lock must not decide on what was there before.
CREATE FUNCTION lock_sign_in(
  p_member_id uuid, p_temporary text[], p_device_id uuid, p_device_token bytea, p_seen_within_seconds double precision
) RETURNS jsonb
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_member members%ROWTYPE;
  v_temporary uuid;
  v_consumed boolean;
BEGIN
  SELECT * INTO v_member FROM members m WHERE m.id = p_member_id FOR NO KEY UPDATE;
  SELECT s.id INTO v_temporary FROM one_time_secrets s
   WHERE s.member_id = p_member_id AND s.purpose = 'temporary_password' AND s.token_hash = ANY (ARRAY(SELECT decode(h, 'hex') FROM unnest(p_temporary) h))
   ORDER BY s.created_at DESC LIMIT 1;
  UPDATE one_time_secrets s SET ended_at = v_now, ended_reason = 'consumed'
   WHERE s.id = v_temporary AND s.ended_at IS NULL AND s.expires_at > v_now;
  v_consumed := FOUND;
  RETURN (SELECT jsonb_build_object(
    'member', CASE WHEN v_member.id IS NOT NULL THEN to_jsonb(v_member) END,
    'credential', (SELECT to_jsonb(c) FROM password_credentials c WHERE c.member_id = p_member_id),
    'temporary', CASE WHEN v_consumed THEN 'temporary' WHEN v_temporary IS NOT NULL THEN 'temporary_over' END,
    'policy', current_policy(),
    'hasTotp', EXISTS (SELECT FROM totp_factors f WHERE f.member_id = p_member_id AND f.confirmed_at IS NOT NULL),
    'hasPasskey', EXISTS (SELECT FROM passkeys k WHERE k.member_id = p_member_id),
    'groupRequiresFrom', (SELECT g.second_factor_from FROM security_groups g WHERE g.id = v_member.security_group_id),
    'sightings', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('source', s.source, 'userAgent', s.user_agent, 'at', s.last_seen_at)), '[]')
        FROM sessions s
       WHERE s.member_id = p_member_id AND s.kind = 'full' AND s.revoked_at IS NULL AND s.expires_at > v_now
         AND s.last_seen_at > v_now - make_interval(secs => p_seen_within_seconds)),
    'isTrusted', EXISTS (SELECT FROM known_devices d WHERE d.id = p_device_id AND d.trusted_until > v_now),
    'isKnownHere', EXISTS (SELECT FROM known_devices d WHERE d.token_hash = p_device_token)
  ));
END
$$;
--> statement-breakpoint
-- The row of all places first, as a try takes them: two that change the counts wait for each other in turn.
CREATE FUNCTION clear_sign_in_failures(p_member_id uuid, p_everywhere text) RETURNS boolean
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM FROM sign_in_failures f WHERE f.member_id = p_member_id
    ORDER BY f.place = p_everywhere DESC, f.place FOR UPDATE;
  DELETE FROM sign_in_failures f WHERE f.member_id = p_member_id;
  RETURN FOUND;
END
$$;
--> statement-breakpoint
CREATE FUNCTION give_back_sign_in_attempt(p_member_id uuid, p_places text[], p_everywhere text) RETURNS void
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM FROM sign_in_failures f WHERE f.member_id = p_member_id
    ORDER BY f.place = p_everywhere DESC, f.place FOR UPDATE;
  DELETE FROM sign_in_failures f WHERE f.member_id = p_member_id AND f.place = ANY (p_places) AND f.failures = 1;
  UPDATE sign_in_failures f SET failures = f.failures - 1
   WHERE f.member_id = p_member_id AND f.place = ANY (p_places) AND f.failures > 1;
END
$$;
--> statement-breakpoint
-- A browser is known from here on. Of p_most, the one that was away longest is forgotten for a new one.
CREATE FUNCTION remember_device(
  p_member_id uuid, p_token_hash bytea, p_user_agent text, p_most integer, OUT id uuid, OUT is_new boolean
)
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  -- A row that was there has been changed by this statement; a new one by none.
  INSERT INTO known_devices AS d (member_id, token_hash, user_agent, last_used_at)
    VALUES (p_member_id, p_token_hash, p_user_agent, portal_now())
  ON CONFLICT (tenant_id, member_id, token_hash)
    DO UPDATE SET user_agent = excluded.user_agent, last_used_at = excluded.last_used_at
  RETURNING d.id, d.xmax = 0 INTO remember_device.id, is_new;
  IF is_new THEN
    DELETE FROM known_devices d WHERE d.member_id = p_member_id AND d.id NOT IN (
      SELECT k.id FROM known_devices k WHERE k.member_id = p_member_id ORDER BY k.last_used_at DESC, k.id DESC LIMIT p_most);
  END IF;
END
$$;
--> statement-breakpoint
CREATE FUNCTION record_events(p_events jsonb) RETURNS integer
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_recorded integer;
BEGIN
  INSERT INTO audit_events (event, actor_kind, actor_id, session_id, target_id, reason, source, request_id, detail)
    SELECT e.event, e.actor_kind, e.actor_id, e.session_id, e.target_id, e.reason, e.source, e.request_id,
           coalesce(e.detail, '{}')
      FROM jsonb_populate_recordset(NULL::audit_events, p_events) e;
  GET DIAGNOSTICS v_recorded = ROW_COUNT;
  RETURN v_recorded;
END
$$;
--> statement-breakpoint
CREATE FUNCTION promise_mail(p_mail jsonb) RETURNS void
  LANGUAGE sql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  INSERT INTO outbox_emails (template, member_id, props, to_address, status, reason, bulk, not_before, subject_id)
    SELECT m.template, m.member_id, coalesce(m.props, '{}'), m.to_address, m.status, m.reason, coalesce(m.bulk, false),
           m.not_before, m.subject_id
      FROM jsonb_populate_record(NULL::outbox_emails, p_mail) m;
END;
--> statement-breakpoint
-- Begins a session, full or pending: the row as it was decided, and what goes with it. A full one ends the surplus, makes its
-- browser known, and has somebody who had signed in before told of a browser that was not.
CREATE FUNCTION start_session(p jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_session sessions%ROWTYPE;
  v_is_new boolean := false;
BEGIN
  SELECT * INTO v_session FROM jsonb_populate_record(NULL::sessions, p -> 'session');
  UPDATE sessions s SET revoked_at = v_now, revoked_reason = 'replaced'
   WHERE s.id = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'earlier')::uuid)) AND s.revoked_at IS NULL;
  IF p ? 'device' THEN
    SELECT d.id, d.is_new INTO v_session.device_id, v_is_new FROM remember_device(
      v_session.member_id, (p -> 'device' ->> 'tokenHash')::bytea, v_session.user_agent, (p -> 'device' ->> 'most')::integer) d;
  END IF;
  INSERT INTO sessions (
    id, token_hash, member_id, kind, duties, change_reason, method, proofs, proven_at, factor_at, signals, remember_device,
    device_id, host, source, user_agent, last_seen_at, idle_minutes, expires_at)
  VALUES (
    v_session.id, v_session.token_hash, v_session.member_id, v_session.kind, v_session.duties, v_session.change_reason,
    v_session.method, v_session.proofs, v_session.proven_at, v_session.factor_at, v_session.signals, v_session.remember_device,
    v_session.device_id, v_session.host, v_session.source, v_session.user_agent, v_session.last_seen_at, v_session.idle_minutes,
    v_session.expires_at);
  IF v_session.kind = 'pending' THEN
    RETURN;
  END IF;

  UPDATE sessions s SET revoked_at = v_now, revoked_reason = 'too_many'
   WHERE s.member_id = v_session.member_id AND s.kind = 'full' AND s.revoked_at IS NULL AND s.id IN (
     SELECT o.id FROM sessions o WHERE o.member_id = v_session.member_id AND o.kind = 'full' AND o.revoked_at IS NULL
      ORDER BY o.last_seen_at DESC, o.id DESC OFFSET (p ->> 'mostSessions')::integer);
  UPDATE members m SET last_sign_in_at = v_now WHERE m.id = v_session.member_id;
  IF v_is_new AND p ? 'mail' THEN
    PERFORM promise_mail(p -> 'mail');
  END IF;
END
$$;
--> statement-breakpoint
-- All that a sign-in by password writes once it is allowed. The tries in the order in which they were taken, or two sign-ins
-- could wait for each other. Gives how many events it recorded.
CREATE FUNCTION record_sign_in(p jsonb, p_events jsonb) RETURNS integer
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_member_id uuid := (p ->> 'memberId')::uuid;
BEGIN
  UPDATE password_credentials c
     SET hash = coalesce(p ->> 'freshHash', c.hash), accepted_under = coalesce(p -> 'acceptedUnder', c.accepted_under)
   WHERE c.member_id = v_member_id AND p ?| ARRAY['freshHash', 'acceptedUnder'];
  IF p ? 'givenBack' THEN
    PERFORM give_back_sign_in_attempt(
      v_member_id, ARRAY(SELECT jsonb_array_elements_text(p -> 'givenBack')), p ->> 'everywhere');
  ELSE
    DELETE FROM rate_limits r WHERE r.key = p ->> 'allowance';
    PERFORM clear_sign_in_failures(v_member_id, p ->> 'everywhere');
  END IF;
  PERFORM start_session(p -> 'start');
  RETURN record_events(p_events);
END
$$;
--> statement-breakpoint
-- What a reset request is decided by, for a name that somebody has or nobody. Takes one from what its source may ask.
CREATE FUNCTION begin_reset(p_key text, p_limit_key text, p_burst integer, p_every double precision, p_most_providers integer)
  RETURNS jsonb
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_allowed boolean := take_allowances(ARRAY[p_limit_key], ARRAY[p_burst], ARRAY[p_every]);
  v_member members%ROWTYPE;
BEGIN
  SELECT * INTO v_member FROM members m WHERE m.username_key = p_key OR m.email_key = p_key LIMIT 1;
  RETURN jsonb_build_object(
    'allowed', v_allowed,
    'member', CASE WHEN v_member.id IS NOT NULL THEN to_jsonb(v_member) END,
    'policy', current_policy(),
    'hasPassword', EXISTS (SELECT FROM password_credentials c WHERE c.member_id = v_member.id),
    'providers', (
      SELECT coalesce(jsonb_agg(p), '[]') FROM (
        SELECT c.id, c.name FROM connections c WHERE c.id = v_member.connection_id OR c.state = 'live'
         ORDER BY c.created_at LIMIT p_most_providers) p));
END
$$;
--> statement-breakpoint
-- Promises the mail of a reset request, or the one that will not be sent where the allowances are used up, with the events of
-- the same case. Gives which case it was, and how many events were recorded.
CREATE FUNCTION request_reset(
  p_limit_keys text[], p_bursts integer[], p_every double precision[], p_mails jsonb, p_events jsonb,
  OUT outcome integer, OUT recorded integer
)
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  outcome := CASE WHEN take_allowances(p_limit_keys, p_bursts, p_every) THEN 0 ELSE 1 END;
  PERFORM promise_mail(p_mails -> outcome);
  recorded := record_events(p_events -> outcome);
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION
  current_policy(), clear_sign_in_failures(uuid, text), give_back_sign_in_attempt(uuid, text[], text),
  begin_sign_in(text, bytea, text, text[], integer[], double precision[], integer, integer, text, double precision),
  lock_sign_in(uuid, text[], uuid, bytea, double precision), remember_device(uuid, bytea, text, integer),
  record_events(jsonb), promise_mail(jsonb), start_session(jsonb), record_sign_in(jsonb, jsonb),
  begin_reset(text, text, integer, double precision, integer),
  request_reset(text[], integer[], double precision[], jsonb, jsonb)
FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION
  current_policy(), clear_sign_in_failures(uuid, text), give_back_sign_in_attempt(uuid, text[], text),
  begin_sign_in(text, bytea, text, text[], integer[], double precision[], integer, integer, text, double precision),
  lock_sign_in(uuid, text[], uuid, bytea, double precision), remember_device(uuid, bytea, text, integer),
  record_events(jsonb), promise_mail(jsonb), start_session(jsonb), record_sign_in(jsonb, jsonb),
  begin_reset(text, text, integer, double precision, integer),
  request_reset(text[], integer[], double precision[], jsonb, jsonb)
TO portal_app;
