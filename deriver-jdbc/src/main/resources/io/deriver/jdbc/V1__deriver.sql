-- deriver, schema version 1, for PostgreSQL 14 or newer.
--
-- Runs as it is under Flyway, Liquibase or psql; another schema than "deriver" is had by replacing that word.
-- Nothing here takes the schema away again: that is DROP SCHEMA deriver CASCADE.
--
-- Functions carry their version in their names, so that the processes of two versions can work side by side. What
-- pools call pins the planner: with the statistics of an empty table a plan may read whole tables, and stays
-- cached while the backlog grows. A function is VOLATILE, so under READ COMMITTED each statement in it sees what was
-- committed when that statement began; several places below rely on it.

CREATE SCHEMA IF NOT EXISTS deriver;

CREATE TABLE deriver.schema_version (
  version      int PRIMARY KEY,
  -- The oldest version whose library goes on working beside it, so that processes can be replaced one by one.
  works_from   int NOT NULL,
  installed_at timestamptz NOT NULL DEFAULT now()
);

CREATE SEQUENCE deriver.item_number;
CREATE SEQUENCE deriver.inbox_number;
CREATE SEQUENCE deriver.fence_number;

-- One row for each kind of work. Its lock is the router's; claims of a limited type, a cancel and a flush take it, too.
CREATE TABLE deriver.type (
  name       text COLLATE "C" PRIMARY KEY,
  -- Every inbox row with a smaller number has been routed; see deriver.route_v1 for the mark.
  inbox_from bigint NOT NULL DEFAULT 0,
  mark_id    bigint,
  mark_xid   xid8,
  -- A key whose items weigh less together, which are fewer than enough, waits until its oldest item is so old. 0: none
  -- waits. As the pool said that joined last.
  min_weight int NOT NULL DEFAULT 0,
  max_wait_ms bigint NOT NULL DEFAULT 0,
  enough     int NOT NULL DEFAULT 1,
  -- Items that were there then wait no longer.
  flushed_at timestamptz,
  -- Since when an operator wants nothing of it claimed.
  paused_at  timestamptz,
  -- Which priorities its items ever had: a bit for each, by its number; 4 for the normal one alone.
  priorities smallint NOT NULL DEFAULT 4,
  -- When a key that waits last came to another priority, within half a second; see deriver.moved_v1.
  moved_at   timestamptz,
  -- The key behind which the keys that wait are yet to be looked at anew; NULL when all are as they should be.
  anew_from  text COLLATE "C",
  -- Whether those up to it must be, too, after them: who begins again each time never comes to the last.
  anew_again boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50, vacuum_truncate = off,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- What was enqueued and has not ended.
CREATE TABLE deriver.item (
  id          bigint PRIMARY KEY DEFAULT nextval('deriver.item_number'),
  type        text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,
  payload     text NOT NULL,
  bytes       int NOT NULL,
  weight      int NOT NULL,
  -- A unit ends where it changes.
  variant     text COLLATE "C" NOT NULL DEFAULT '',
  -- 0 urgent, 1 high, 2 normal, 3 low.
  priority    smallint NOT NULL DEFAULT 2,
  -- NULL: due at once.
  due_at      timestamptz,
  enqueued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of a type's items with the same one, at most one waits; NULL: it is never compared.
  dedupe      text COLLATE "C",
  -- k, r, p: to be routed, and then to keep the first, to replace it, or to push it back; w: routed. NULL without dedupe.
  dedupe_mode "char"
) WITH (vacuum_truncate = off,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);

CREATE INDEX item_dedupe ON deriver.item (type, dedupe, dedupe_mode, id) WHERE dedupe IS NOT NULL;

-- One row for each call of enqueue, type and 200 items: all that enqueueing touches besides the items.
CREATE TABLE deriver.inbox (
  type text COLLATE "C" NOT NULL,
  id   bigint NOT NULL,
  ids  bigint[] NOT NULL,
  PRIMARY KEY (type, id)
) WITH (vacuum_truncate = off,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);

-- One row for each (type, key) with routed work.
CREATE TABLE deriver.head (
  type         text COLLATE "C" NOT NULL,
  key          text COLLATE "C" NOT NULL,
  -- The ids of the items in their order, at most 100; what is beyond stands in segments.
  ids          bigint[] NOT NULL,
  segments     int NOT NULL DEFAULT 0,
  -- The highest priority of its items (the smallest number), +16 on probation, +32 suspect.
  lane         smallint NOT NULL DEFAULT 2,
  available_at timestamptz NOT NULL,
  attempts     int NOT NULL DEFAULT 0,
  -- Whether no claim has been made since it last began anew: only such a key may have to wait for more items.
  fresh        boolean NOT NULL DEFAULT true,
  flushed_at   timestamptz,
  -- How many of its claims ended how, since it last began anew: failure, timeout, crash, guard, released.
  ended        jsonb NOT NULL DEFAULT '{}',
  -- How many items the next unit may take, while the key shrinks after failures and grows back; NULL for any.
  most_next    int,
  errors       jsonb NOT NULL DEFAULT '[]',
  -- The claim; all NULL when there is none.
  fence        bigint,
  node         text,
  guard        timestamptz,
  claimed_at   timestamptz,
  taken        int,
  max_attempts int,
  -- The fence of the claim that an operator wants ended; of an earlier one it means nothing.
  cancel       bigint,
  PRIMARY KEY (type, key)
) WITH (fillfactor = 80, vacuum_truncate = off,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);

CREATE INDEX head_waiting ON deriver.head (type, lane, available_at) WHERE fence IS NULL;
CREATE UNIQUE INDEX head_claimed ON deriver.head (node, fence) INCLUDE (guard) WHERE fence IS NOT NULL;

CREATE TABLE deriver.segment (
  type   text COLLATE "C" NOT NULL,
  key    text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  ids    bigint[] NOT NULL,
  PRIMARY KEY (type, key, number)
) WITH (fillfactor = 80, vacuum_truncate = off,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- One row for each started pool.
CREATE TABLE deriver.node (
  id         text PRIMARY KEY,
  pool       text NOT NULL,
  types      text[] NOT NULL,
  joined_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  -- Its claims have this fence or a higher one, unless one was committed very late. From here on they are looked for: while
  -- some transaction holds an old snapshot, every claim that ever ended is still in the index of the claimed ones.
  from_fence bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50, vacuum_truncate = off,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE deriver.dead_letter (
  id          bigint PRIMARY KEY,
  type        text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,
  payload     text NOT NULL,
  bytes       int NOT NULL,
  weight      int NOT NULL,
  variant     text COLLATE "C" NOT NULL DEFAULT '',
  priority    smallint NOT NULL DEFAULT 2,
  enqueued_at timestamptz NOT NULL,
  attempts    int NOT NULL,
  ended       jsonb NOT NULL,
  errors      jsonb NOT NULL,
  died_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX dead_letter_type ON deriver.dead_letter (type, id);
CREATE INDEX dead_letter_died ON deriver.dead_letter (died_at);

-- What has ended, where the process that ended it was to keep that. An item that was put back ends again, with its id.
CREATE TABLE deriver.done (
  id          bigint NOT NULL,
  type        text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,
  -- completed, discarded, dead, cancelled.
  how         text NOT NULL,
  attempts    int NOT NULL,
  ended       jsonb NOT NULL,
  enqueued_at timestamptz NOT NULL,
  ended_at    timestamptz NOT NULL,
  -- The claim whose end it was; NULL when it had none.
  node        text,
  fence       bigint
) WITH (vacuum_truncate = off,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);

-- It has no key, and rows of one without are not deleted under a publication FOR ALL TABLES.
ALTER TABLE deriver.done REPLICA IDENTITY FULL;

CREATE INDEX done_key ON deriver.done (type, key, ended_at, id);
CREATE INDEX done_ended ON deriver.done (ended_at);

CREATE TYPE deriver.routed_v1 AS (key text COLLATE "C", ids bigint[], due_at timestamptz, priority smallint);
CREATE TYPE deriver.deduped_v1 AS (place bigint, id bigint, key text COLLATE "C", dedupe text COLLATE "C", mode "char");
CREATE TYPE deriver.kept_v1 AS (id bigint, source bigint);
CREATE TYPE deriver.picked_v1 AS (term int, place tid, lane smallint, available_at timestamptz);

-- Appends ids to a key whose head the caller has locked: to the head while it has room and no segments, else behind.
CREATE FUNCTION deriver.append_v1(p_type text, p_key text, p_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_rest   bigint[] := p_ids;
  v_room   int;
  v_added  int := 0;
  v_number bigint;
BEGIN
  SELECT CASE WHEN h.segments = 0 THEN 100 - cardinality(h.ids) ELSE 0 END INTO v_room
    FROM deriver.head h WHERE h.type = p_type AND h.key = p_key;
  IF v_room > 0 THEN
    UPDATE deriver.head h SET ids = h.ids || v_rest[1:v_room] WHERE h.type = p_type AND h.key = p_key;
    v_rest := v_rest[v_room + 1:];
  END IF;
  IF cardinality(v_rest) = 0 THEN
    RETURN;
  END IF;
  SELECT s.number, 100 - cardinality(s.ids) INTO v_number, v_room
    FROM deriver.segment s WHERE s.type = p_type AND s.key = p_key ORDER BY s.number DESC LIMIT 1;
  IF v_number IS NOT NULL AND v_room > 0 THEN
    UPDATE deriver.segment s SET ids = s.ids || v_rest[1:v_room]
      WHERE s.type = p_type AND s.key = p_key AND s.number = v_number;
    v_rest := v_rest[v_room + 1:];
  END IF;
  WHILE cardinality(v_rest) > 0 LOOP
    v_number := coalesce(v_number, 0) + 1;
    INSERT INTO deriver.segment (type, key, number, ids) VALUES (p_type, p_key, v_number, v_rest[1:100]);
    v_rest := v_rest[101:];
    v_added := v_added + 1;
  END LOOP;
  IF v_added > 0 THEN
    UPDATE deriver.head h SET segments = h.segments + v_added WHERE h.type = p_type AND h.key = p_key;
  END IF;
END $$;

-- Until when a key with these items waits for more, or NULL when they are enough.
CREATE FUNCTION deriver.gathers_v1(p_type text, p_ids bigint[], p_segments int, p_flushed_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_type  deriver.type%ROWTYPE;
  v_until timestamptz;
BEGIN
  SELECT t.* INTO v_type FROM deriver.type t WHERE t.name = p_type;
  IF NOT FOUND OR v_type.min_weight = 0 OR p_segments > 0 OR cardinality(p_ids) >= v_type.enough THEN
    RETURN NULL;
  END IF;
  SELECT CASE WHEN sum(i.weight) < v_type.min_weight AND min(i.variant) = max(i.variant)
                   AND NOT coalesce(min(i.enqueued_at) <= greatest(v_type.flushed_at, p_flushed_at), false)
           THEN min(i.enqueued_at) + v_type.max_wait_ms * interval '1 millisecond' END
    INTO v_until
    FROM unnest(p_ids) u(id) CROSS JOIN LATERAL (SELECT i.* FROM deriver.item i WHERE i.id = u.id OFFSET 0) i;
  RETURN v_until;
END $$;

-- Looks anew at keys of a type that wait, after the type gathers otherwise than before or was flushed: at most 500 in a
-- call. Answers whether there are more. A head that somebody else has locked is looked at in the next call: what its
-- holder does to it may go by the type as it was.
CREATE FUNCTION deriver.gather_anew_v1(p_type text) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  c_keys   constant int := 500;
  c_ids    constant int := 5000;
  v_from   text;
  v_next   text;
  v_again  boolean;
  v_keys   text[];
  v_seen   int;
  v_locked text[];
  v_missed text;
BEGIN
  IF NOT EXISTS (SELECT FROM deriver.type t WHERE t.name = p_type AND t.anew_from IS NOT NULL) THEN
    RETURN false;
  END IF;
  SELECT t.anew_from, t.anew_again INTO v_from, v_again
    FROM deriver.type t WHERE t.name = p_type AND t.anew_from IS NOT NULL FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN true;
  END IF;
  SELECT array_agg(k.key ORDER BY k.key) FILTER (WHERE k.before < c_ids), count(*) INTO v_keys, v_seen
    FROM (SELECT s.key, sum(s.size) OVER (ORDER BY s.key) - s.size AS before
            FROM (SELECT h.key, cardinality(h.ids) AS size FROM deriver.head h WHERE h.type = p_type AND h.key > v_from
                   ORDER BY h.key LIMIT c_keys) s) k;
  SELECT array_agg(k.key) INTO v_locked
    FROM unnest(v_keys) k(key)
   CROSS JOIN LATERAL (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = k.key FOR UPDATE SKIP LOCKED) h;
  SELECT min(k.key COLLATE "C") INTO v_missed FROM unnest(v_keys) k(key)
   CROSS JOIN LATERAL (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = k.key LIMIT 1) x
   WHERE k.key <> ALL (coalesce(v_locked, '{}'));

  -- One that waits no longer keeps its place among those that can be claimed.
  UPDATE deriver.head h SET available_at = x.at
    FROM unnest(v_locked) k(key)
   CROSS JOIN LATERAL (SELECT h.ctid, CASE
             WHEN NOT h.fresh OR h.fence IS NOT NULL THEN NULL
             WHEN g.until > clock_timestamp() THEN greatest(g.until, i.due_at)
             WHEN h.available_at > clock_timestamp() THEN greatest(clock_timestamp(), i.due_at) END AS at
          FROM deriver.head h
          LEFT JOIN LATERAL (SELECT i.due_at FROM deriver.item i WHERE i.id = h.ids[1] OFFSET 0) i ON true
         CROSS JOIN LATERAL (SELECT deriver.gathers_v1(p_type, h.ids, h.segments, h.flushed_at) AS until OFFSET 0) g
         WHERE h.type = p_type AND h.key = k.key OFFSET 0) x
   WHERE h.ctid = x.ctid AND x.at <> h.available_at;

  IF v_missed IS NOT NULL THEN
    SELECT coalesce(max(k.key COLLATE "C"), v_from) INTO v_next FROM unnest(v_keys) k(key) WHERE k.key < v_missed COLLATE "C";
  ELSIF v_seen = c_keys OR cardinality(v_keys) < v_seen THEN
    v_next := v_keys[cardinality(v_keys)];
  ELSE
    v_next := CASE WHEN v_again THEN '' END;
    v_again := false;
  END IF;
  UPDATE deriver.type t SET anew_from = v_next, anew_again = v_again
   WHERE t.name = p_type AND (t.anew_from, t.anew_again) IS DISTINCT FROM (v_next, v_again);
  RETURN v_next IS NOT NULL;
END $$;

-- Says how types gather; what waits is looked at anew where that is news. The types in one order, since their rows are locked.
CREATE FUNCTION deriver.gather_v1(p_types text[], p_min_weight int[], p_max_wait_ms bigint[], p_enough int[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_one record;
BEGIN
  FOR v_one IN SELECT p.* FROM unnest(p_types, p_min_weight, p_max_wait_ms, p_enough) p(name, min_weight, max_wait_ms, enough)
      ORDER BY p.name COLLATE "C" LOOP
    UPDATE deriver.type t
       SET min_weight = v_one.min_weight, max_wait_ms = v_one.max_wait_ms, enough = v_one.enough,
           anew_from = coalesce(t.anew_from, ''), anew_again = coalesce(t.anew_from > '', false)
     WHERE t.name = v_one.name
       AND (t.min_weight, t.max_wait_ms, t.enough) IS DISTINCT FROM (v_one.min_weight, v_one.max_wait_ms, v_one.enough);
  END LOOP;
END $$;

-- A key that waits came to another priority and kept its age. Claims that read that lane from where they claimed last would
-- pass it over: each node reads all of it once in a second, and until all have, none goes by that.
CREATE FUNCTION deriver.moved_v1(p_type text) RETURNS void
LANGUAGE sql AS $$
  UPDATE deriver.type t SET moved_at = clock_timestamp()
   WHERE t.name = p_type AND (t.moved_at > clock_timestamp() - interval '500 milliseconds') IS NOT TRUE
$$;

-- Takes the ids of items that are dropped out of a key whose head the caller has locked; none of them is claimed. A head
-- without ids goes, and with it what it remembers; one whose first item goes forgets the attempts, which may have been of
-- that one alone, but not that its units are smaller or on probation. An id deep in a long key stays: the claim passes over it.
CREATE FUNCTION deriver.take_out_v1(p_type text, p_key text, p_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  c_near     constant int := 10;
  v_past     boolean;
  v_ids      bigint[];
  v_rest     bigint[];
  v_segments int;
  v_number   bigint;
  v_before   smallint;
  v_after    smallint;
BEGIN
  SELECT h.ids, coalesce((SELECT array_agg(u.id ORDER BY u.n) FROM unnest(h.ids) WITH ORDINALITY u(id, n)
           WHERE u.id <> ALL (p_ids)), '{}'), h.segments, h.lane INTO v_ids, v_rest, v_segments, v_before
    FROM deriver.head h WHERE h.type = p_type AND h.key = p_key;
  IF v_segments > 0 THEN
    UPDATE deriver.segment s
       SET ids = coalesce((SELECT array_agg(u.id ORDER BY u.n) FROM unnest(s.ids) WITH ORDINALITY u(id, n) WHERE u.id <> ALL (p_ids)), '{}')
      FROM (SELECT t.number FROM deriver.segment t WHERE t.type = p_type AND t.key = p_key ORDER BY t.number DESC LIMIT c_near) near
     WHERE s.type = p_type AND s.key = p_key AND s.number = near.number AND s.ids && p_ids;
  END IF;
  WHILE cardinality(v_rest) = 0 AND v_segments > 0 LOOP
    SELECT s.number, s.ids INTO v_number, v_rest
      FROM deriver.segment s WHERE s.type = p_type AND s.key = p_key ORDER BY s.number LIMIT 1;
    EXIT WHEN NOT FOUND;
    DELETE FROM deriver.segment s WHERE s.type = p_type AND s.key = p_key AND s.number = v_number;
    v_segments := v_segments - 1;
  END LOOP;
  IF coalesce(cardinality(v_rest), 0) = 0 THEN
    DELETE FROM deriver.head h WHERE h.type = p_type AND h.key = p_key;
  ELSIF v_rest <> v_ids THEN
    v_past := v_rest[1] IS DISTINCT FROM v_ids[1];
    UPDATE deriver.head h
       SET ids = v_rest, segments = v_segments,
           lane = (h.lane & 48) + deriver.priority_v1(p_type, v_rest, v_segments, h.lane & 15),
           attempts = CASE WHEN v_past THEN 0 ELSE h.attempts END,
           -- Where the item at the head was not due, nothing else held up its key.
           available_at = CASE WHEN v_past AND h.available_at <= (SELECT i.due_at FROM deriver.item i WHERE i.id = v_ids[1])
             THEN clock_timestamp() ELSE h.available_at END,
           ended = CASE WHEN v_past THEN '{}' ELSE h.ended END, errors = CASE WHEN v_past THEN '[]' ELSE h.errors END
     WHERE h.type = p_type AND h.key = p_key RETURNING h.lane INTO v_after;
    IF v_after <> v_before THEN
      PERFORM deriver.moved_v1(p_type);
    END IF;
  END IF;
END $$;

-- Decides what becomes of a pass's items that have a dedupe key: all as if they came one after another, at this moment.
-- Those that stay are marked as routed, which the caller must see to; the others are deleted, and so are routed ones
-- that they push back. o_left: keys to be left for the next pass, of which nothing was decided; o_touched: keys whose
-- routed items are not what they were.
--
-- Whoever routes waits for nobody, so it cannot be part of a deadlock: a head that somebody else has locked may be
-- claimed at this moment, and an item that somebody else has locked is being cancelled.
CREATE FUNCTION deriver.dedupe_v1(p_type text, p_inbox bigint[], OUT o_left text[], OUT o_touched text[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_new     deriver.deduped_v1[];
  v_twins   deriver.deduped_v1[];
  v_kept    deriver.kept_v1[];
  v_held    bigint[];
  v_dropped bigint[];
  v_keys    text[];
  v_locked  text[];
  v_stuck   text[];
  v_left    int := 0;
  v_one     record;
BEGIN
  SELECT array_agg(ROW(x.place, x.id, x.key, x.dedupe, x.dedupe_mode)::deriver.deduped_v1) INTO v_new
    FROM (SELECT row_number() OVER (ORDER BY b.id, u.n) AS place, i.id, i.key, i.dedupe, i.dedupe_mode
            FROM deriver.inbox b
           CROSS JOIN LATERAL unnest(b.ids) WITH ORDINALITY u(id, n)
           CROSS JOIN LATERAL (SELECT i.* FROM deriver.item i WHERE i.id = u.id OFFSET 0) i
           WHERE b.type = p_type AND b.id = ANY (p_inbox) AND i.dedupe IS NOT NULL) x;
  SELECT array_agg(x.id) INTO v_held
    FROM unnest(v_new) n
   CROSS JOIN LATERAL (SELECT i.id FROM deriver.item i WHERE i.id = n.id FOR UPDATE SKIP LOCKED) x;
  SELECT array_agg(k.key) INTO v_keys
    FROM (SELECT n.key FROM unnest(v_new) n
          UNION
          SELECT i.key FROM (SELECT DISTINCT n.dedupe FROM unnest(v_new) n) d
           CROSS JOIN LATERAL (SELECT i.key FROM deriver.item i
              WHERE i.type = p_type AND i.dedupe = d.dedupe AND i.dedupe_mode = 'w' OFFSET 0) i) k;
  SELECT array_agg(k.key) INTO v_locked
    FROM unnest(v_keys) k(key)
   CROSS JOIN LATERAL (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = k.key FOR UPDATE SKIP LOCKED) h;

  IF coalesce(cardinality(v_locked), 0) < cardinality(v_keys) THEN
    SELECT array_agg(k.key) INTO v_stuck
      FROM (SELECT unnest(v_keys) AS key EXCEPT SELECT unnest(v_locked)) k
     CROSS JOIN LATERAL (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = k.key LIMIT 1) h;
  END IF;
  IF v_stuck IS NOT NULL OR coalesce(cardinality(v_held), 0) < cardinality(v_new) THEN
    SELECT array_agg(DISTINCT n.key) INTO o_left
      FROM unnest(v_new) n
     WHERE n.key = ANY (v_stuck) OR n.id <> ALL (coalesce(v_held, '{}'))
        OR EXISTS (SELECT FROM deriver.item i
             WHERE i.type = p_type AND i.dedupe = n.dedupe AND i.dedupe_mode = 'w' AND i.key = ANY (v_stuck) OFFSET 0);
    -- Neither the items of one key nor those of one dedupe key may pass one another.
    WHILE cardinality(o_left) > v_left LOOP
      v_left := cardinality(o_left);
      SELECT array_agg(DISTINCT n.key) INTO o_left
        FROM unnest(v_new) n
       WHERE n.dedupe IN (SELECT m.dedupe FROM unnest(v_new) m WHERE m.key = ANY (o_left));
    END LOOP;
    SELECT array_agg(n) INTO v_new FROM unnest(v_new) n WHERE n.key <> ALL (coalesce(o_left, '{}'));
  END IF;

  -- With the heads locked, in a snapshot that is younger than the locks: what waits now. An item that came back from a
  -- claim may stand beside a younger one, which then counts.
  SELECT array_agg(ROW(0, t.id, t.key, d.dedupe, 'w')::deriver.deduped_v1) INTO v_twins
    FROM (SELECT DISTINCT n.dedupe FROM unnest(v_new) n) d
   CROSS JOIN LATERAL (SELECT i.id, i.key FROM deriver.item i
      WHERE i.type = p_type AND i.dedupe = d.dedupe AND i.dedupe_mode = 'w'
        AND EXISTS (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = i.key
             AND (h.fence IS NULL OR i.id <> ALL (h.ids[1:h.taken])) OFFSET 0)
      ORDER BY i.id DESC LIMIT 1) t;

  -- Of each dedupe key the last that went to a place of its own stays there, with the content of the last that was not
  -- just dropped.
  SELECT array_agg(ROW(x.id, x.source)::deriver.kept_v1) INTO v_kept
    FROM (SELECT (array_agg(m.id ORDER BY m.place DESC) FILTER (WHERE m.moves))[1] AS id,
                 (array_agg(m.id ORDER BY m.place DESC))[1] AS source
            FROM (SELECT s.*, s.first OR s.mode = 'p'
                           OR s.key <> lag(s.key) OVER (PARTITION BY s.dedupe ORDER BY s.place) AS moves
                    FROM (SELECT c.*, row_number() OVER (PARTITION BY c.dedupe ORDER BY c.place) = 1 AS first
                            FROM (SELECT t.* FROM unnest(v_twins) t UNION ALL SELECT n.* FROM unnest(v_new) n) c) s
                   WHERE s.first OR s.mode <> 'k') m
           GROUP BY m.dedupe) x;
  UPDATE deriver.item i
     SET payload = s.payload, bytes = s.bytes, weight = s.weight, variant = s.variant, dedupe_mode = 'w'
    FROM unnest(v_kept) k
   CROSS JOIN LATERAL (SELECT i.ctid, i.dedupe_mode FROM deriver.item i WHERE i.id = k.id OFFSET 0) x
   CROSS JOIN LATERAL (SELECT i.* FROM deriver.item i WHERE i.id = k.source OFFSET 0) s
   WHERE i.ctid = x.ctid AND (k.source <> k.id OR x.dedupe_mode <> 'w');
  SELECT array_agg(d.id) INTO v_dropped
    FROM (SELECT n.id FROM unnest(v_new) n UNION ALL SELECT t.id FROM unnest(v_twins) t
          EXCEPT SELECT k.id FROM unnest(v_kept) k) d;
  FOR v_one IN
    SELECT t.key, array_agg(t.id) AS ids
      FROM unnest(v_twins) t
     WHERE t.id IN (SELECT unnest(v_dropped)) GROUP BY t.key
  LOOP
    PERFORM deriver.take_out_v1(p_type, v_one.key, v_one.ids);
  END LOOP;
  DELETE FROM deriver.item i WHERE i.id = ANY (v_dropped);
  SELECT array_agg(DISTINCT t.key) INTO o_touched
    FROM unnest(v_twins) t
   WHERE NOT EXISTS (SELECT FROM unnest(v_kept) k WHERE k.id = t.id AND k.source = t.id);
END $$;

-- Folds inbox rows of one type into heads; called where there are any. Answers whether to look again soon: it stopped at its
-- bound, left something behind, or another process is routing this type.
CREATE FUNCTION deriver.route_v1(p_type text) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  c_rows   constant int := 500;
  c_ids    constant int := 2000;
  v_type   deriver.type%ROWTYPE;
  v_inbox  bigint[];
  v_seen   int;
  v_xmin   xid8;
  v_routed deriver.routed_v1[];
  v_known  deriver.routed_v1[];
  v_long   deriver.routed_v1[];
  v_fresh  text[];
  v_left   text[];
  v_touched text[];
  v_deduped boolean := false;
  v_dedupes boolean;
  v_overflows boolean;
  v_one    deriver.routed_v1;
  v_priorities smallint;
  v_moved  boolean;
  v_young  constant boolean := pg_current_xact_id_if_assigned() IS NULL;
BEGIN
  SELECT t.* INTO v_type FROM deriver.type t WHERE t.name = p_type FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    -- Locked by the one who routes now; or missing, and then there from the next call on. Of a row that is there an insert
    -- would wait for whoever has changed it and not committed, even to do nothing.
    IF NOT EXISTS (SELECT FROM deriver.type t WHERE t.name = p_type) THEN
      INSERT INTO deriver.type (name) VALUES (p_type) ON CONFLICT DO NOTHING;
    END IF;
    RETURN true;
  END IF;

  SELECT array_agg(r.id ORDER BY r.id) FILTER (WHERE r.before < c_ids), count(*), pg_snapshot_xmin(pg_current_snapshot())
    INTO v_inbox, v_seen, v_xmin
    FROM (SELECT b.id, sum(cardinality(b.ids)) OVER (ORDER BY b.id) - cardinality(b.ids) AS before
            FROM (SELECT b.id, b.ids FROM deriver.inbox b WHERE b.type = p_type AND b.id >= v_type.inbox_from
                   ORDER BY b.id LIMIT c_rows) b) r;
  IF v_inbox IS NULL THEN
    RETURN false;
  END IF;

  LOOP
    SELECT array_agg(ROW(g.key, g.ids, g.due_at, g.priority)::deriver.routed_v1 ORDER BY g.place), bool_or(g.dedupes), bit_or(g.priorities),
           bool_or(cardinality(g.ids) > 100)
      INTO v_routed, v_dedupes, v_priorities, v_overflows
      FROM (SELECT x.key, array_agg(x.id ORDER BY x.place) AS ids, (array_agg(x.due_at ORDER BY x.place))[1] AS due_at,
                   min(x.place) AS place, bool_or(x.dedupe IS NOT NULL) AS dedupes,
                   min(x.priority) AS priority, bit_or(1 << x.priority) AS priorities
              FROM (SELECT i.id, i.key, i.due_at, i.dedupe, i.priority, row_number() OVER (ORDER BY b.id, u.n) AS place
                      FROM deriver.inbox b
                     CROSS JOIN LATERAL unnest(b.ids) WITH ORDINALITY u(id, n)
                     CROSS JOIN LATERAL (SELECT i.id, i.key, i.due_at, i.dedupe, i.priority FROM deriver.item i WHERE i.id = u.id OFFSET 0) i
                     WHERE b.type = p_type AND b.id = ANY (v_inbox)) x
             WHERE v_left IS NULL OR x.key <> ALL (v_left)
             GROUP BY x.key) g;
    EXIT WHEN v_deduped OR v_dedupes IS NOT TRUE;
    SELECT d.o_left, d.o_touched INTO v_left, v_touched FROM deriver.dedupe_v1(p_type, v_inbox) d;
    v_deduped := true;
  END LOOP;

  IF v_priorities | v_type.priorities <> v_type.priorities THEN
    UPDATE deriver.type t SET priorities = t.priorities | v_priorities WHERE t.name = p_type;
  END IF;

  -- By the statistics of an empty table the planner would read all heads of the type and ask of each whether it is among
  -- these. What is written as LATERAL and OFFSET 0 here and below, and a join by ctid, leave it no way but to look each up.
  -- A head that somebody else has locked is left alone, with all its ids of this pass, so that they keep their order.
  SELECT array_agg(ROW(x.key, x.ids, x.due_at, x.priority)::deriver.routed_v1) FILTER (WHERE x.fits),
         array_agg(ROW(x.key, x.ids, x.due_at, x.priority)::deriver.routed_v1) FILTER (WHERE NOT x.fits)
    INTO v_known, v_long
    FROM (SELECT r.key, r.ids, r.due_at, r.priority, h.fits
            FROM unnest(v_routed) r
           CROSS JOIN LATERAL (SELECT h.segments = 0 AND cardinality(h.ids) + cardinality(r.ids) <= 100 AS fits
                FROM deriver.head h WHERE h.type = p_type AND h.key = r.key FOR UPDATE SKIP LOCKED) h) x;

  -- Stamped row by row, in the order of arrival: ties would defeat the claim's lower bound.
  WITH put AS (
    INSERT INTO deriver.head (type, key, ids, lane, available_at)
    SELECT p_type, r.key, r.ids[1:100], r.priority, greatest(clock_timestamp(), r.due_at,
             CASE WHEN v_type.min_weight > 0 THEN deriver.gathers_v1(p_type, r.ids, 0, NULL) END)
      FROM unnest(v_routed) r
     WHERE NOT EXISTS (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = r.key OFFSET 0)
    ON CONFLICT DO NOTHING
    RETURNING key)
  SELECT array_agg(put.key) INTO v_fresh FROM put;

  IF v_known IS NOT NULL THEN
    WITH put AS (
      UPDATE deriver.head h SET ids = h.ids || r.ids, lane = (h.lane & 48) + least(h.lane & 15, r.priority)
        FROM unnest(v_known) r
       CROSS JOIN LATERAL (SELECT h.ctid, h.lane FROM deriver.head h WHERE h.type = p_type AND h.key = r.key OFFSET 0) x
       WHERE h.ctid = x.ctid
      RETURNING h.fence IS NULL AND h.lane <> x.lane AS moved)
    SELECT bool_or(put.moved) INTO v_moved FROM put;
  END IF;
  FOREACH v_one IN ARRAY coalesce(v_long, '{}') LOOP
    PERFORM deriver.append_v1(p_type, v_one.key, v_one.ids);
    UPDATE deriver.head h SET lane = (h.lane & 48) + v_one.priority
     WHERE h.type = p_type AND h.key = v_one.key AND h.lane & 15 > v_one.priority;
    v_moved := v_moved IS TRUE OR FOUND;
  END LOOP;
  IF v_moved THEN
    PERFORM deriver.moved_v1(p_type);
  END IF;
  -- A key that waited for more items may have enough by now, or one that is older than those it had: a dead letter that
  -- was requeued.
  IF v_type.min_weight > 0 THEN
    UPDATE deriver.head h SET available_at = x.at
      FROM (SELECT r.key FROM unnest(v_known) r UNION ALL SELECT r.key FROM unnest(v_long) r) k
     CROSS JOIN LATERAL (SELECT h.ctid, CASE WHEN h.fresh AND h.fence IS NULL AND h.available_at > clock_timestamp()
               THEN greatest(clock_timestamp(), (SELECT i.due_at FROM deriver.item i WHERE i.id = h.ids[1]),
                 deriver.gathers_v1(p_type, h.ids, h.segments, h.flushed_at)) END AS at
          FROM deriver.head h WHERE h.type = p_type AND h.key = k.key OFFSET 0) x
     WHERE h.ctid = x.ctid AND x.at < h.available_at;
  END IF;
  IF v_fresh IS NOT NULL AND v_overflows THEN
    FOR v_one IN SELECT r.* FROM unnest(v_routed) r WHERE cardinality(r.ids) > 100 AND r.key = ANY (v_fresh) LOOP
      PERFORM deriver.append_v1(p_type, v_one.key, v_one.ids[101:]);
    END LOOP;
  END IF;

  -- The item at the head of a key may have been dropped, and what is left be fewer than enough, or more by a new weight.
  IF v_touched IS NOT NULL THEN
    UPDATE deriver.head h SET available_at = x.at
      FROM unnest(v_touched) k(key)
     CROSS JOIN LATERAL (SELECT h.ctid, CASE WHEN h.fence IS NOT NULL THEN NULL
               WHEN h.fresh AND h.available_at > clock_timestamp() THEN greatest(clock_timestamp(), w.until)
               ELSE greatest(h.available_at, w.until) END AS at
          FROM deriver.head h
         CROSS JOIN LATERAL (SELECT greatest((SELECT i.due_at FROM deriver.item i WHERE i.id = h.ids[1]),
             CASE WHEN h.fresh THEN deriver.gathers_v1(p_type, h.ids, h.segments, h.flushed_at) END) AS until OFFSET 0) w
         WHERE h.type = p_type AND h.key = k.key OFFSET 0) x
     WHERE h.ctid = x.ctid AND x.at <> h.available_at;
  END IF;

  IF coalesce(cardinality(v_known), 0) + coalesce(cardinality(v_long), 0) + coalesce(cardinality(v_fresh), 0)
      < coalesce(cardinality(v_routed), 0) OR v_left IS NOT NULL THEN
    SELECT coalesce(v_left, '{}') || coalesce(array_agg(r.key), '{}') INTO v_left FROM (
      SELECT r.key FROM unnest(v_routed) r EXCEPT SELECT r.key FROM unnest(v_known) r
      EXCEPT SELECT r.key FROM unnest(v_long) r EXCEPT SELECT unnest(v_fresh)) r;
    UPDATE deriver.inbox b SET ids = coalesce((
        SELECT array_agg(u.id ORDER BY u.n) FROM unnest(b.ids) WITH ORDINALITY u(id, n)
         CROSS JOIN LATERAL (SELECT i.key FROM deriver.item i WHERE i.id = u.id OFFSET 0) i WHERE i.key = ANY (v_left)), '{}')
      WHERE b.type = p_type AND b.id = ANY (v_inbox);
    DELETE FROM deriver.inbox b WHERE b.type = p_type AND b.id = ANY (v_inbox) AND b.ids = '{}';
    RETURN true;
  END IF;
  DELETE FROM deriver.inbox b WHERE b.type = p_type AND b.id = ANY (v_inbox);
  IF cardinality(v_inbox) < v_seen OR v_seen = c_rows THEN
    RETURN true;
  END IF;

  -- All that this pass could see is routed. An enqueue takes its inbox number when it already has a transaction id, so
  -- a smaller number that is not visible yet belongs to a transaction id smaller than one that a later pass takes. Takes, not
  -- has: one that has routed another type before may have its id from before the pass that set the mark. When all
  -- transactions before that one have ended, nothing can come below the mark any more, and the scan starts there: without
  -- this, a held-open snapshot would make it read every inbox row that was ever deleted.
  IF v_type.mark_id IS NULL THEN
    UPDATE deriver.type t SET mark_id = v_inbox[cardinality(v_inbox)] WHERE t.name = p_type;
  ELSIF v_type.mark_xid IS NULL THEN
    UPDATE deriver.type t SET mark_xid = pg_current_xact_id() WHERE t.name = p_type AND v_young;
  ELSIF v_xmin >= v_type.mark_xid THEN
    UPDATE deriver.type t SET inbox_from = v_type.mark_id + 1, mark_id = v_inbox[cardinality(v_inbox)], mark_xid = NULL
      WHERE t.name = p_type;
  END IF;
  RETURN false;
END $$;

-- Adds items of one type without dedupe keys, and the inbox rows that name them: inserts only, so that it waits for nobody and
-- nobody waits for it, however long the caller's transaction lasts. Answers their ids in their order. A NULL array stands for
-- what is usual, of all of them. The inbox number is taken after the items are in, so in a transaction that has its id by
-- then: the router relies on it. Many items are cut into inbox rows of 200, which the server stores without compressing them.
CREATE FUNCTION deriver.enqueue_v1(
  p_type text, p_keys text[], p_payloads text[], p_weights int[], p_variants text[], p_priorities smallint[], p_delays bigint[],
  p_channel text)
RETURNS bigint[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
  c_row  constant int := 200;
  v_ids  bigint[];
  v_from int := 1;
BEGIN
  IF cardinality(p_keys) = 1 THEN
    WITH added AS (
      INSERT INTO deriver.item (type, key, payload, bytes, weight, variant, priority, due_at)
      VALUES (p_type, p_keys[1], p_payloads[1], octet_length(p_payloads[1]), coalesce(p_weights[1], 1), coalesce(p_variants[1], ''),
        coalesce(p_priorities[1], 2), CASE WHEN p_delays[1] > 0 THEN clock_timestamp() + p_delays[1] * interval '1 millisecond' END)
      RETURNING id)
    INSERT INTO deriver.inbox (type, id, ids) SELECT p_type, nextval('deriver.inbox_number'), ARRAY[a.id] FROM added a
    RETURNING ids INTO v_ids;
  ELSE
    WITH added AS (
      INSERT INTO deriver.item (type, key, payload, bytes, weight, variant, priority, due_at)
      SELECT p_type, u.key, u.payload, octet_length(u.payload), coalesce(u.weight, 1), coalesce(u.variant, ''), coalesce(u.priority, 2),
             CASE WHEN u.delay > 0 THEN clock_timestamp() + u.delay * interval '1 millisecond' END
        FROM unnest(p_keys, p_payloads, p_weights, p_variants, p_priorities, p_delays) WITH ORDINALITY
             u(key, payload, weight, variant, priority, delay, n)
       ORDER BY u.n
      RETURNING id)
    SELECT array_agg(a.id ORDER BY a.id) INTO v_ids FROM added a;
    WHILE v_from <= cardinality(v_ids) LOOP
      INSERT INTO deriver.inbox (type, id, ids) VALUES (p_type, nextval('deriver.inbox_number'), v_ids[v_from : v_from + c_row - 1]);
      v_from := v_from + c_row;
    END LOOP;
  END IF;
  IF p_channel IS NOT NULL THEN
    PERFORM pg_notify(p_channel, '');
  END IF;
  RETURN v_ids;
END $$;

-- The item of this dedupe key that waits, as far as its caller can see; what is not routed yet will be, in its order.
CREATE FUNCTION deriver.twin_v1(p_type text, p_dedupe text) RETURNS TABLE (o_id bigint, o_key text)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT i.id, i.key::text FROM deriver.item i
    WHERE i.type = p_type AND i.dedupe = p_dedupe AND i.dedupe_mode = 'p' ORDER BY i.id DESC LIMIT 1;
  IF FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT i.id, i.key::text FROM deriver.item i
    WHERE i.type = p_type AND i.dedupe = p_dedupe AND i.dedupe_mode = 'w'
      AND EXISTS (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = i.key
           AND (h.fence IS NULL OR i.id <> ALL (h.ids[1:h.taken])) OFFSET 0)
    ORDER BY i.id DESC LIMIT 1;
  IF FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT x.id, x.key::text
    FROM unnest('{k,r}'::"char"[]) m(mode)
   CROSS JOIN LATERAL (SELECT i.id, i.key FROM deriver.item i
      WHERE i.type = p_type AND i.dedupe = p_dedupe AND i.dedupe_mode = m.mode ORDER BY i.id LIMIT 1) x
   ORDER BY x.id LIMIT 1;
END $$;

CREATE FUNCTION deriver.keep_node_v1(p_node text, p_pool text, p_serves text[], p_lease_ms bigint, p_from_fence bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deriver.node AS n (id, pool, types, expires_at, from_fence)
  VALUES (p_node, p_pool, p_serves, clock_timestamp() + p_lease_ms * interval '1 millisecond', p_from_fence)
  ON CONFLICT (id) DO UPDATE
    SET expires_at = greatest(n.expires_at, excluded.expires_at), pool = excluded.pool, types = excluded.types,
        from_fence = greatest(n.from_fence, excluded.from_fence);
END $$;

-- So many of the keys that were found: the highest priority first, and of equal ones the oldest.
CREATE FUNCTION deriver.first_v1(p_found deriver.picked_v1[], p_most int, p_oldest_first boolean) RETURNS deriver.picked_v1[]
LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(p_found) <= p_most THEN
    RETURN p_found;
  END IF;
  RETURN (SELECT coalesce(array_agg(ROW(x.*)::deriver.picked_v1), '{}')
    FROM (SELECT f.* FROM unnest(p_found) f
           ORDER BY CASE WHEN NOT p_oldest_first THEN f.lane & 15 END, f.available_at LIMIT greatest(p_most, 0)) x);
END $$;

-- How many of a key's next items go into one unit. The first always does.
CREATE FUNCTION deriver.taken_v1(p_ids bigint[], p_now timestamptz, p_max_bytes int, p_max_weight bigint) RETURNS int
LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(p_ids) = 1 THEN
    RETURN 1;
  END IF;
  RETURN (SELECT coalesce(min(l.n) FILTER (WHERE l.stop) - 1, max(l.n)) FROM (
    SELECT u.n, u.n > 1 AND (coalesce(i.due_at > p_now, false)
           OR i.id IS NOT NULL AND i.variant IS DISTINCT FROM first_value(i.variant) OVER (ORDER BY u.n)
           OR sum(coalesce(i.bytes, 0)) OVER (ORDER BY u.n) > p_max_bytes
           OR sum(coalesce(i.weight, 0)) OVER (ORDER BY u.n) > p_max_weight) AS stop
      FROM unnest(p_ids) WITH ORDINALITY u(id, n) LEFT JOIN LATERAL (SELECT i.* FROM deriver.item i WHERE i.id = u.id OFFSET 0) i ON true) l);
END $$;

-- What kept the item behind a unit out of it, if not their number. That item may be gone: behind one that is too large alone
-- even it is not looked for.
CREATE FUNCTION deriver.cut_v1(p_ids bigint[], p_next bigint, p_now timestamptz, p_max_bytes int) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT CASE WHEN n.due_at > p_now THEN 'NOT_DUE' WHEN n.id IS NOT NULL AND n.variant IS DISTINCT FROM f.variant THEN 'VARIANT'
      WHEN coalesce(n.bytes, 0) + (SELECT sum(x.bytes) FROM unnest(p_ids) u(id)
             CROSS JOIN LATERAL (SELECT i.bytes FROM deriver.item i WHERE i.id = u.id OFFSET 0) x) > p_max_bytes
        THEN 'MAX_BYTES' ELSE 'MAX_WEIGHT' END
    FROM (SELECT p_next AS id) a
    LEFT JOIN LATERAL (SELECT i.* FROM deriver.item i WHERE i.id = a.id OFFSET 0) n ON true
    LEFT JOIN LATERAL (SELECT i.variant FROM deriver.item i WHERE i.id = p_ids[1] OFFSET 0) f ON true);
END $$;

-- Routes, then claims waiting keys: the highest priority first, of that the oldest. One row for each item of each claim; a
-- last row with o_next_due_ms and, as o_enqueued_at, the time to which ages count.
-- p_from holds, for each term, the lower bounds of its lanes: the priorities of the regular ones, of those on probation, of
-- the suspects; none holds while keys have just come to other priorities. Of a term with p_max_running no more keys are
-- claimed than leave so many claims in all, of all nodes. p_oldest_first: whatever their priority.
CREATE FUNCTION deriver.claim_v1(
  p_node text, p_pool text, p_serves text[], p_lease_ms bigint,
  p_types text[], p_guard_ms bigint[], p_max_items int[], p_max_bytes int[], p_max_weight bigint[],
  p_max_attempts int[], p_max_keys int[],
  p_max_running int[], p_keys int, p_probation int, p_suspects int, p_renews boolean, p_oldest_first boolean, p_from timestamptz[])
RETURNS TABLE (
  o_type text, o_key text, o_fence bigint, o_attempt int, o_lane int, o_available_at timestamptz,
  o_id bigint, o_payload text, o_weight int, o_variant text, o_enqueued_at timestamptz, o_cut text, o_next_due_ms bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_left   int[] := ARRAY[p_keys, p_probation, p_suspects];
  v_want   int := p_keys;
  v_most   int;
  v_room   int[] := p_max_keys;
  v_again  boolean := false;
  v_now    timestamptz;
  v_due    timestamptz;
  v_picked deriver.picked_v1[] := '{}';
  v_found  deriver.picked_v1[];
  v_laned  deriver.picked_v1[];
  v_type   record;
  v_term   int;
  v_lane   int;
  v_stands boolean;
  v_waits  boolean;
  v_known  int[] := array_fill(0, ARRAY[cardinality(p_types)]);
  v_routed boolean;
BEGIN
  FOR v_term IN 1 .. cardinality(p_types) LOOP
    v_routed := false;
    LOOP
      SELECT t.paused_at IS NOT NULL AS paused, t.priorities AS levels, t.anew_from IS NOT NULL AS anew,
             t.moved_at > clock_timestamp() - interval '2 seconds' AS moved,
             NOT v_routed AND EXISTS (SELECT FROM deriver.inbox b WHERE b.type = t.name AND b.id >= t.inbox_from) AS arrived
        INTO v_type FROM deriver.type t WHERE t.name = p_types[v_term];
      -- Neither is known where the type has no row yet: its router makes one.
      EXIT WHEN v_routed OR (v_type.arrived OR v_type.anew) IS FALSE;
      IF v_type.arrived IS NOT FALSE THEN
        v_again := deriver.route_v1(p_types[v_term]) OR v_again;
      END IF;
      IF v_type.anew THEN
        v_again := deriver.gather_anew_v1(p_types[v_term]) OR v_again;
      END IF;
      v_routed := true;
    END LOOP;
    IF v_type.paused THEN
      v_room[v_term] := 0;
    ELSE
      v_known[v_term] := coalesce(v_type.levels, 4);
    END IF;
    IF v_type.moved THEN
      p_from[v_term * 12 - 11 : v_term * 12] := array_fill('-infinity'::timestamptz, ARRAY[12]);
    END IF;
  END LOOP;

  v_now := clock_timestamp();
  FOR v_term IN 1 .. cardinality(p_types) LOOP
    EXIT WHEN v_want <= 0;
    CONTINUE WHEN v_known[v_term] = 0;
    v_most := least(v_want, p_max_keys[v_term]);
    SELECT coalesce(array_agg(ROW(v_term, x.place, x.lane, x.available_at)::deriver.picked_v1), '{}'), bool_or(x.lane > 15)
      INTO v_found, v_stands
      FROM (VALUES (0), (1), (2), (3), (16), (17), (18), (19), (32), (33), (34), (35)) l(lane)
     CROSS JOIN LATERAL (SELECT h.ctid AS place, h.lane, h.available_at FROM deriver.head h
        WHERE h.type = p_types[v_term] AND h.lane = l.lane AND h.fence IS NULL
          AND h.available_at >= p_from[v_term * 12 - 11 + (l.lane >> 4) * 4 + (l.lane & 15)] AND h.available_at <= v_now
        ORDER BY h.available_at LIMIT greatest(0, least(v_most, v_left[(l.lane >> 4) + 1])) FOR UPDATE SKIP LOCKED) x
     WHERE v_known[v_term] & (1 << (l.lane & 15)) > 0;
    IF v_known[v_term] & (v_known[v_term] - 1) > 0 THEN
      v_laned := v_found;
      v_found := '{}';
      FOR v_lane IN 0 .. 2 LOOP
        v_found := v_found || deriver.first_v1(
          ARRAY(SELECT ROW(f.*)::deriver.picked_v1 FROM unnest(v_laned) f WHERE f.lane >> 4 = v_lane), v_left[v_lane + 1], p_oldest_first);
      END LOOP;
    END IF;
    IF cardinality(v_found) > 0 AND p_max_running[v_term] IS NOT NULL THEN
      -- One node at a time claims of a type that is limited over all of them: what it counts stays true until it commits.
      PERFORM FROM deriver.type t WHERE t.name = p_types[v_term] FOR UPDATE SKIP LOCKED;
      IF FOUND THEN
        v_room[v_term] := least(v_room[v_term], p_max_running[v_term]
          - (SELECT count(*) FROM deriver.head h WHERE h.fence IS NOT NULL AND h.type = p_types[v_term]));
        v_most := least(v_most, v_room[v_term]);
      ELSE
        v_most := 0;
      END IF;
    END IF;
    IF cardinality(v_found) > v_most THEN
      v_found := deriver.first_v1(v_found, v_most, p_oldest_first);
    END IF;
    v_picked := v_picked || v_found;
    v_want := v_want - cardinality(v_found);
    v_room[v_term] := v_room[v_term] - cardinality(v_found);
    IF v_stands THEN
      v_left[2] := v_left[2] - (SELECT count(*) FROM unnest(v_found) f WHERE f.lane & 48 = 16);
      v_left[3] := v_left[3] - (SELECT count(*) FROM unnest(v_found) f WHERE f.lane & 48 = 32);
    END IF;
  END LOOP;

  -- The heads are locked, so this statement sees them and their items as they are now.
  IF cardinality(v_picked) > 0 THEN
    RETURN QUERY
    WITH claimed AS (
      UPDATE deriver.head h
         SET fence = nextval('deriver.fence_number'), node = p_node, claimed_at = v_now,
             guard = clock_timestamp() + p_guard_ms[p.term] * interval '1 millisecond',
             attempts = h.attempts + 1, fresh = false, max_attempts = p_max_attempts[p.term],
             taken = CASE WHEN p_max_items[p.term] = 1 THEN 1
               ELSE deriver.taken_v1(h.ids[1:least(p_max_items[p.term], h.most_next)], v_now, p_max_bytes[p.term], p_max_weight[p.term]) END
        FROM unnest(v_picked) p
       WHERE h.ctid = p.place
      RETURNING p.term, h.type, h.key, h.fence, h.attempts, h.lane, h.available_at, h.ids[1:h.taken] AS ids,
                CASE WHEN h.taken = cardinality(h.ids) AND h.segments = 0 THEN 'NOTHING'
                  WHEN h.taken >= h.most_next AND h.most_next < p_max_items[p.term] THEN 'SHRUNK'
                  WHEN h.taken = cardinality(h.ids) OR h.taken >= p_max_items[p.term] THEN 'MAX_ITEMS'
                  ELSE deriver.cut_v1(h.ids[1:h.taken], h.ids[h.taken + 1], v_now, p_max_bytes[p.term]) END AS cut)
    SELECT u.type, u.key, u.fence, u.attempts, u.lane::int, u.available_at, i.id, i.payload, i.weight, i.variant, i.enqueued_at, u.cut, NULL::bigint
      FROM (SELECT c.*, unnest(c.ids) AS item, generate_subscripts(c.ids, 1) AS n FROM claimed c) u
      LEFT JOIN LATERAL (SELECT i.* FROM deriver.item i WHERE i.id = u.item OFFSET 0) i ON true
     ORDER BY u.term, u.available_at, u.fence, u.n;
    IF p_renews OR NOT EXISTS (SELECT FROM deriver.node n WHERE n.id = p_node AND n.expires_at > v_now) THEN
      PERFORM deriver.keep_node_v1(p_node, p_pool, p_serves, p_lease_ms, 0);
    END IF;
  ELSIF NOT EXISTS (SELECT FROM deriver.node n WHERE n.id = p_node AND n.expires_at > v_now)
      AND NOT EXISTS (SELECT FROM deriver.head h
        WHERE h.node = p_node AND h.fence >= coalesce((SELECT n.from_fence FROM deriver.node n WHERE n.id = p_node), 0)) THEN
    -- So that the types of an idle node do not look unserved; at most one write in a lease. One that holds claims and
    -- could not renew may not know of them, and must not keep them by looking for more.
    PERFORM deriver.keep_node_v1(p_node, p_pool, p_serves, p_lease_ms, 0);
  END IF;

  IF v_want > 0 THEN
    -- What is due and was not picked was locked for the moment.
    SELECT min(x.later), coalesce(bool_or(x.due), false) INTO v_due, v_waits
      FROM unnest(p_types, v_known) WITH ORDINALITY t(name, known, n)
     CROSS JOIN (VALUES (0), (1), (2), (3), (16), (17), (18), (19), (32), (33), (34), (35)) l(lane)
     CROSS JOIN LATERAL (SELECT
         (SELECT h.available_at FROM deriver.head h
           WHERE h.type = t.name AND h.lane = l.lane AND h.fence IS NULL AND h.available_at > v_now
           ORDER BY h.available_at LIMIT 1) AS later,
         CASE WHEN v_left[(l.lane >> 4) + 1] > 0 AND v_room[t.n] > 0 THEN (SELECT true FROM deriver.head h
           WHERE h.type = t.name AND h.lane = l.lane AND h.fence IS NULL
             AND h.available_at >= p_from[t.n * 12 - 11 + (l.lane >> 4) * 4 + (l.lane & 15)] AND h.available_at <= v_now
           ORDER BY h.available_at LIMIT 1) END AS due OFFSET 0) x
     WHERE t.known & (1 << (l.lane & 15)) > 0;
    v_again := v_again OR v_waits;
  END IF;
  o_next_due_ms := least(CASE WHEN v_again THEN 20 END,
    CASE WHEN v_due IS NOT NULL THEN greatest(0, ceil(extract(epoch FROM v_due - clock_timestamp()) * 1000)) END);
  o_enqueued_at := v_now;
  RETURN NEXT;
END $$;

-- The highest priority of what is left of a key; of one with segments, the one that it had.
CREATE FUNCTION deriver.priority_v1(p_type text, p_ids bigint[], p_segments int, p_priority int) RETURNS smallint
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_priority int := p_priority;
BEGIN
  IF p_segments = 0 AND EXISTS (SELECT FROM deriver.type t WHERE t.name = p_type AND t.priorities <> 4) THEN
    SELECT coalesce(min(i.priority), p_priority) INTO v_priority
      FROM unnest(p_ids) u(id) CROSS JOIN LATERAL (SELECT i.priority FROM deriver.item i WHERE i.id = u.id OFFSET 0) i;
  END IF;
  RETURN v_priority;
END $$;

-- Ends the claim of a locked head: the rest of its items goes on with a clean record, or the head goes.
CREATE FUNCTION deriver.go_on_v1(p_type text, p_key text, p_rest bigint[], p_most_next int) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_rest     bigint[] := p_rest;
  v_segments int;
  v_number   bigint;
  v_ids      bigint[];
BEGIN
  SELECT h.segments INTO v_segments FROM deriver.head h WHERE h.type = p_type AND h.key = p_key;
  WHILE v_segments > 0 LOOP
    SELECT s.number, s.ids INTO v_number, v_ids
      FROM deriver.segment s WHERE s.type = p_type AND s.key = p_key ORDER BY s.number LIMIT 1;
    IF NOT FOUND THEN
      v_segments := 0;
    ELSE
      EXIT WHEN cardinality(v_rest) > 0 AND cardinality(v_rest) + cardinality(v_ids) > 100;
      DELETE FROM deriver.segment s WHERE s.type = p_type AND s.key = p_key AND s.number = v_number;
      v_rest := v_rest || v_ids;
      v_segments := v_segments - 1;
    END IF;
  END LOOP;
  IF cardinality(v_rest) = 0 THEN
    DELETE FROM deriver.head h WHERE h.type = p_type AND h.key = p_key;
  ELSE
    UPDATE deriver.head h
       SET ids = v_rest, segments = v_segments, lane = deriver.priority_v1(p_type, v_rest, v_segments, h.lane & 15), attempts = 0, fresh = true, ended = '{}', most_next = p_most_next, errors = '[]',
           fence = NULL, node = NULL, guard = NULL, claimed_at = NULL, taken = NULL, max_attempts = NULL,
           available_at = greatest(clock_timestamp(), (SELECT i.due_at FROM deriver.item i WHERE i.id = v_rest[1]),
             deriver.gathers_v1(p_type, v_rest, v_segments, h.flushed_at))
     WHERE h.type = p_type AND h.key = p_key;
  END IF;
END $$;

-- An item hung to its last attempt: those behind it get one attempt each, alone, until one is done.
CREATE FUNCTION deriver.go_on_hung_v1(p_type text, p_key text, p_max_attempts int) RETURNS void
LANGUAGE sql AS $$
  UPDATE deriver.head h
     SET lane = h.lane + 16, attempts = p_max_attempts - 1, most_next = 1, fresh = false,
         available_at = CASE WHEN h.available_at > clock_timestamp()
           THEN greatest(clock_timestamp(), (SELECT i.due_at FROM deriver.item i WHERE i.id = h.ids[1])) ELSE h.available_at END
   WHERE h.type = p_type AND h.key = p_key
$$;

-- How many items a unit may have after one of so many failed: half, and one alone for the last attempt.
CREATE FUNCTION deriver.shrunk_v1(p_taken int, p_attempts int, p_max_attempts int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_attempts + 1 >= p_max_attempts THEN 1 ELSE greatest(1, p_taken / 2) END
$$;

-- And after one was done: twice as many, until no type's units are larger.
CREATE FUNCTION deriver.grown_v1(p_most_next int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_most_next < 50 THEN p_most_next * 2 END
$$;

CREATE FUNCTION deriver.entry_v1(p_attempt int, p_cause text, p_node text, p_error text) RETURNS jsonb
LANGUAGE sql AS $$
  SELECT jsonb_build_object('at', clock_timestamp(), 'attempt', p_attempt, 'cause', p_cause, 'node', p_node, 'error', p_error)
$$;

-- The history with one more entry; the last hundred are kept.
CREATE FUNCTION deriver.history_v1(p_errors jsonb, p_entry jsonb) RETURNS jsonb
LANGUAGE sql AS $$
  SELECT CASE WHEN jsonb_array_length(p_errors) < 100 THEN p_errors ELSE p_errors - 0 END || p_entry
$$;

CREATE FUNCTION deriver.ended_v1(p_ended jsonb, p_how text) RETURNS jsonb
LANGUAGE sql AS $$
  SELECT p_ended || jsonb_build_object(p_how, coalesce((p_ended -> p_how)::int, 0) + 1)
$$;

CREATE FUNCTION deriver.bury_v1(p_ids bigint[], p_attempts int, p_ended jsonb, p_errors jsonb) RETURNS void
LANGUAGE sql AS $$
  WITH gone AS (DELETE FROM deriver.item i WHERE i.id = ANY (p_ids) RETURNING i.*)
  INSERT INTO deriver.dead_letter (id, type, key, payload, bytes, weight, variant, priority, enqueued_at, attempts, ended, errors)
  SELECT g.id, g.type, g.key, g.payload, g.bytes, g.weight, g.variant, g.priority, g.enqueued_at, p_attempts, p_ended, p_errors FROM gone g
$$;

-- Keeps how items of a key end, in the transaction that ends them, if whoever began that says so. The caller has locked the
-- head and not deleted the items yet. p_ended: how the claims of their unit ended, with the last if that was none too.
CREATE FUNCTION deriver.keep_v1(p_type text, p_key text, p_ids bigint[], p_how text, p_ended jsonb) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  IF current_setting('deriver_run.keep', true) IS DISTINCT FROM 'on' THEN
    RETURN;
  END IF;
  INSERT INTO deriver.done (id, type, key, how, attempts, ended, enqueued_at, ended_at, node, fence)
  SELECT i.id, p_type, p_key, p_how, h.attempts, p_ended, i.enqueued_at, n.at, h.node, h.fence
    FROM (SELECT clock_timestamp() AS at OFFSET 0) n
   CROSS JOIN deriver.head h
   CROSS JOIN unnest(p_ids) u(id)
   CROSS JOIN LATERAL (SELECT i.id, i.enqueued_at FROM deriver.item i WHERE i.id = u.id OFFSET 0) i
   WHERE h.type = p_type AND h.key = p_key;
END $$;

-- The same for what an operator drops: no claim had it, and of a key's attempts nobody knows whether they were its own.
CREATE FUNCTION deriver.keep_cancelled_v1(p_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  IF current_setting('deriver_run.keep', true) IS DISTINCT FROM 'on' THEN
    RETURN;
  END IF;
  INSERT INTO deriver.done (id, type, key, how, attempts, ended, enqueued_at, ended_at)
  SELECT i.id, i.type, i.key, 'cancelled', 0, '{}', i.enqueued_at, n.at
    FROM (SELECT clock_timestamp() AS at OFFSET 0) n
   CROSS JOIN unnest(p_ids) u(id)
   CROSS JOIN LATERAL (SELECT i.* FROM deriver.item i WHERE i.id = u.id OFFSET 0) i;
END $$;

-- Ends one claim. Answers 'written', or 'refused', and that only with the newest head locked.
CREATE FUNCTION deriver.settle_one_v1(
  p_type text, p_key text, p_fence bigint, p_node text,
  p_kind text, p_delay_ms bigint, p_cause text, p_error text, p_split jsonb)
RETURNS text
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_head  deriver.head%ROWTYPE;
  v_taken bigint[];
  v_rest  bigint[];
  v_done  bigint[];
  v_entry jsonb;
  v_one   record;
  v_goes_on boolean := coalesce((p_split -> 'goesOn')::boolean, false);
BEGIN
  SELECT h.* INTO v_head FROM deriver.head h WHERE h.type = p_type AND h.key = p_key FOR UPDATE;
  IF NOT FOUND OR v_head.fence IS DISTINCT FROM p_fence OR v_head.node IS DISTINCT FROM p_node THEN
    RETURN 'refused';
  END IF;
  v_taken := v_head.ids[1:v_head.taken];
  v_rest := v_head.ids[v_head.taken + 1:];
  IF p_error IS NOT NULL THEN
    v_entry := deriver.entry_v1(v_head.attempts, p_cause, p_node, p_error);
  END IF;
  CASE p_kind
    WHEN 'completed' THEN
      PERFORM deriver.keep_v1(p_type, p_key, v_taken, coalesce(p_cause, 'completed'), v_head.ended);
      DELETE FROM deriver.item i WHERE i.id = ANY (v_taken);
      PERFORM deriver.go_on_v1(p_type, p_key, v_rest, deriver.grown_v1(v_head.most_next));
    WHEN 'dead' THEN
      PERFORM deriver.keep_v1(p_type, p_key, v_taken, 'dead', deriver.ended_v1(v_head.ended, p_cause));
      PERFORM deriver.bury_v1(v_taken, v_head.attempts, deriver.ended_v1(v_head.ended, p_cause),
        deriver.history_v1(v_head.errors, v_entry));
      PERFORM deriver.go_on_v1(p_type, p_key, v_rest, NULL);
      IF p_cause = 'timeout' THEN
        PERFORM deriver.go_on_hung_v1(p_type, p_key, v_head.max_attempts);
      END IF;
    WHEN 'split' THEN
      SELECT coalesce(array_agg(d.id::bigint), '{}') INTO v_done
        FROM jsonb_array_elements_text(p_split -> 'done') d(id) WHERE d.id::bigint = ANY (v_taken);
      PERFORM deriver.keep_v1(p_type, p_key, v_done, 'completed', v_head.ended);
      DELETE FROM deriver.item i WHERE i.id = ANY (v_done);
      FOR v_one IN SELECT d.key::bigint AS id, d.value AS error FROM jsonb_each_text(p_split -> 'dead') d
          WHERE d.key::bigint = ANY (v_taken) ORDER BY d.key::bigint LOOP
        PERFORM deriver.keep_v1(p_type, p_key, ARRAY[v_one.id], 'dead', deriver.ended_v1(v_head.ended, 'failure'));
        PERFORM deriver.bury_v1(ARRAY[v_one.id], v_head.attempts, deriver.ended_v1(v_head.ended, 'failure'), deriver.history_v1(v_head.errors,
          deriver.entry_v1(v_head.attempts, 'failure', p_node, v_one.error)));
        v_done := v_done || v_one.id;
      END LOOP;
      SELECT coalesce(array_agg(u.id ORDER BY u.n), '{}') || v_rest INTO v_rest
        FROM unnest(v_taken) WITH ORDINALITY u(id, n) WHERE u.id <> ALL (v_done);
      PERFORM deriver.go_on_v1(p_type, p_key, v_rest, NULL);
      IF p_error IS NOT NULL THEN
        UPDATE deriver.head h
           SET attempts = CASE WHEN v_goes_on THEN v_head.attempts ELSE 1 END, fresh = false,
               ended = deriver.ended_v1(CASE WHEN v_goes_on THEN v_head.ended ELSE '{}' END, p_cause),
               errors = deriver.history_v1(CASE WHEN v_goes_on THEN v_head.errors ELSE '[]' END,
                 deriver.entry_v1(CASE WHEN v_goes_on THEN v_head.attempts ELSE 1 END, p_cause, p_node, p_error)),
               available_at = greatest(clock_timestamp() + p_delay_ms * interval '1 millisecond',
                 (SELECT i.due_at FROM deriver.item i WHERE i.id = h.ids[1]))
         WHERE h.type = p_type AND h.key = p_key;
      END IF;
    WHEN 'retried' THEN
      UPDATE deriver.head h
         SET lane = (h.lane & 15) + CASE WHEN p_cause = 'timeout' THEN 16 ELSE 0 END,
             most_next = deriver.shrunk_v1(h.taken, h.attempts, h.max_attempts),
             ended = deriver.ended_v1(h.ended, p_cause), errors = deriver.history_v1(h.errors, v_entry),
             available_at = clock_timestamp() + p_delay_ms * interval '1 millisecond',
             fence = NULL, node = NULL, guard = NULL, claimed_at = NULL, taken = NULL, max_attempts = NULL
       WHERE h.type = p_type AND h.key = p_key;
    WHEN 'released' THEN
      UPDATE deriver.head h
         SET attempts = greatest(h.attempts - 1, 0), ended = deriver.ended_v1(h.ended, 'released'),
             lane = CASE WHEN p_cause IS NULL THEN h.lane ELSE (h.lane & 15) + CASE WHEN p_cause = 'timeout' THEN 16 ELSE 0 END END,
             errors = CASE WHEN v_entry IS NULL THEN h.errors ELSE deriver.history_v1(h.errors, v_entry) END,
             available_at = clock_timestamp() + p_delay_ms * interval '1 millisecond',
             fence = NULL, node = NULL, guard = NULL, claimed_at = NULL, taken = NULL, max_attempts = NULL
       WHERE h.type = p_type AND h.key = p_key;
  END CASE;
  IF (p_kind = 'completed' OR p_kind = 'split' AND p_error IS NULL AND p_split -> 'dead' = '{}')
     AND NOT EXISTS (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = p_key) THEN
    RETURN 'drained';
  END IF;
  RETURN 'written';
END $$;

-- Ends many claims, each for itself and none twice: the completed ones as a set, unless how they end is to be kept, and what
-- that leaves unanswered one by one.
CREATE FUNCTION deriver.settle_v1(
  p_types text[], p_keys text[], p_fences bigint[], p_nodes text[],
  p_kinds text[], p_delays bigint[], p_causes text[], p_errors text[], p_splits text[])
RETURNS TABLE (o_n int, o_answer text, o_error text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_keeps   boolean := coalesce(current_setting('deriver_run.keep', true) = 'on', false);
  v_drained bigint[];
  v_left    bigint[];
  v_patient boolean := true;
  v_n       int;
BEGIN
  BEGIN
    -- What is found is asked of the row once more as it is when it is changed: a row that was moved meanwhile, for a router
    -- appended to it, is answered below.
    WITH gone AS (
      DELETE FROM deriver.head d
       USING unnest(p_types, p_keys, p_fences, p_nodes, p_kinds) WITH ORDINALITY w(type, key, fence, node, kind, n)
       CROSS JOIN LATERAL (SELECT h.ctid FROM deriver.head h
          WHERE h.node = w.node AND h.fence = w.fence AND h.type = w.type AND h.key = w.key OFFSET 0) x
       WHERE w.kind = 'completed' AND NOT v_keeps AND d.ctid = x.ctid AND d.fence = w.fence AND d.node = w.node
         AND d.segments = 0 AND d.taken = cardinality(d.ids)
      RETURNING w.n, d.ids),
    done AS (DELETE FROM deriver.item i WHERE i.id = ANY (ARRAY(SELECT unnest(g.ids) FROM gone g)))
    SELECT array_agg(g.n) INTO v_drained FROM gone g;
    IF cardinality(v_drained) = cardinality(p_types) THEN
      RETURN QUERY SELECT n::int, 'drained', NULL::text FROM unnest(v_drained) n;
      RETURN;
    END IF;
    -- All items of a row that nobody has moved were routed before this began, so the type's priorities, as this statement sees
    -- them, have theirs. How the type gathers is asked anew for each, if it does.
    WITH cut AS (
      UPDATE deriver.head d
         SET ids = d.ids[d.taken + 1:], attempts = 0, fresh = true, ended = '{}', most_next = deriver.grown_v1(d.most_next), errors = '[]',
             lane = CASE WHEN t.priorities <> 4 THEN deriver.priority_v1(d.type, d.ids[d.taken + 1:], 0, d.lane & 15) ELSE d.lane & 15 END,
             fence = NULL, node = NULL, guard = NULL, claimed_at = NULL, taken = NULL, max_attempts = NULL,
             available_at = greatest(clock_timestamp(),
               (SELECT i.due_at FROM deriver.item i WHERE i.id = d.ids[d.taken + 1]),
               CASE WHEN t.min_weight > 0 THEN deriver.gathers_v1(d.type, d.ids[d.taken + 1:], 0, d.flushed_at) END)
        FROM unnest(p_types, p_keys, p_fences, p_nodes, p_kinds) WITH ORDINALITY w(type, key, fence, node, kind, n)
       CROSS JOIN LATERAL (SELECT h.ctid, h.ids[1:h.taken] AS ids FROM deriver.head h
          WHERE h.node = w.node AND h.fence = w.fence AND h.type = w.type AND h.key = w.key OFFSET 0) x
       CROSS JOIN LATERAL (SELECT t.priorities, t.min_weight FROM deriver.type t WHERE t.name = w.type OFFSET 0) t
       WHERE w.kind = 'completed' AND NOT v_keeps AND d.ctid = x.ctid AND d.fence = w.fence AND d.node = w.node
         AND d.segments = 0 AND d.taken < cardinality(d.ids)
      RETURNING w.n, x.ids),
    done AS (DELETE FROM deriver.item i WHERE i.id = ANY (ARRAY(SELECT unnest(c.ids) FROM cut c)))
    SELECT array_agg(c.n) INTO v_left FROM cut c;
  EXCEPTION
    WHEN lock_not_available OR deadlock_detected THEN
      v_patient := false;
      v_drained := NULL;
      v_left := NULL;
    WHEN OTHERS THEN
      v_drained := NULL;
      v_left := NULL;
  END;
  RETURN QUERY
  SELECT n::int, 'drained', NULL::text FROM unnest(v_drained) n UNION ALL SELECT n::int, 'written', NULL::text FROM unnest(v_left) n;
  IF coalesce(cardinality(v_drained), 0) + coalesce(cardinality(v_left), 0) = cardinality(p_types) THEN
    RETURN;
  END IF;

  FOR v_n IN SELECT w.n FROM unnest(p_types, p_keys) WITH ORDINALITY w(type, key, n)
      WHERE w.n <> ALL (coalesce(v_drained, '{}') || v_left) ORDER BY w.type COLLATE "C", w.key COLLATE "C", w.n LOOP
    o_n := v_n;
    o_error := NULL;
    BEGIN
      -- One lock that does not come is waited for; after it the others are only tried.
      IF NOT v_patient THEN
        PERFORM FROM deriver.head h WHERE h.type = p_types[v_n] AND h.key = p_keys[v_n] FOR UPDATE NOWAIT;
      END IF;
      o_answer := deriver.settle_one_v1(p_types[v_n], p_keys[v_n], p_fences[v_n], p_nodes[v_n],
        p_kinds[v_n], p_delays[v_n], p_causes[v_n], p_errors[v_n], p_splits[v_n]::jsonb);
    EXCEPTION
      WHEN lock_not_available OR deadlock_detected THEN
        v_patient := false;
        o_answer := 'undecided';
      WHEN OTHERS THEN
        o_answer := 'undecided';
        o_error := SQLSTATE || ' ' || SQLERRM;
    END;
    RETURN NEXT;
  END LOOP;
END $$;

-- Begins the transaction of an apply step: without a lock, since while the step runs nobody may wait for it.
-- Answers how many milliseconds the claim may still be live, or nothing when it is not the caller's.
CREATE FUNCTION deriver.apply_begin_v1(p_type text, p_key text, p_fence bigint, p_node text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_ms bigint;
BEGIN
  SELECT least(2000000000, greatest(1, extract(epoch FROM h.guard - clock_timestamp()) * 1000))::bigint INTO v_ms
    FROM deriver.head h WHERE h.type = p_type AND h.key = p_key AND h.fence = p_fence AND h.node = p_node;
  RETURN v_ms;
END $$;

-- Ends it. Raises DV001 when the claim is no longer the caller's, so that what was done goes back with it, and DV002
-- when the step ended the transaction that it was given.
CREATE FUNCTION deriver.apply_end_v1(p_type text, p_key text, p_fence bigint, p_node text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  v_answer text;
BEGIN
  IF current_setting('deriver_run.fence', true) IS DISTINCT FROM p_fence::text THEN
    RAISE EXCEPTION 'the step ended the transaction that it was given' USING ERRCODE = 'DV002';
  END IF;
  v_answer := deriver.settle_one_v1(p_type, p_key, p_fence, p_node, 'completed', NULL, NULL, NULL, NULL);
  IF v_answer = 'refused' THEN
    RAISE EXCEPTION 'the claim is no longer held' USING ERRCODE = 'DV001';
  END IF;
  RETURN v_answer;
END $$;

-- Renews a node's lease, and tells which claims it holds. p_from_fence: none of them has a lower fence.
CREATE FUNCTION deriver.renew_v1(p_node text, p_pool text, p_serves text[], p_lease_ms bigint, p_from_fence bigint)
RETURNS TABLE (o_fence bigint, o_cancel boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
  PERFORM deriver.keep_node_v1(p_node, p_pool, p_serves, p_lease_ms, p_from_fence);
  RETURN QUERY SELECT h.fence, h.cancel IS NOT DISTINCT FROM h.fence FROM deriver.head h WHERE h.node = p_node AND h.fence >= p_from_fence;
END $$;

-- Takes one claim back whose head the caller has locked; answers whether its items became dead letters.
CREATE FUNCTION deriver.take_back_v1(p_head deriver.head, p_reason text) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_guard   boolean := p_reason = 'guard';
  v_suspect boolean := p_head.lane >= 32;
  v_counts  boolean := v_guard OR v_suspect;
  v_errors  jsonb := deriver.history_v1(p_head.errors, deriver.entry_v1(p_head.attempts, p_reason, p_head.node,
    CASE WHEN v_guard THEN 'no end was written before the guard of the claim, ' || p_head.guard
      ELSE 'the lease of the node passed while it held the claim: its process ended, hung, or lost the database' END));
BEGIN
  IF v_counts AND p_head.taken = 1 AND p_head.attempts >= p_head.max_attempts THEN
    PERFORM deriver.keep_v1(p_head.type, p_head.key, p_head.ids[1:1], 'dead', deriver.ended_v1(p_head.ended, p_reason));
    PERFORM deriver.bury_v1(p_head.ids[1:1], p_head.attempts, deriver.ended_v1(p_head.ended, p_reason), v_errors);
    PERFORM deriver.go_on_v1(p_head.type, p_head.key, p_head.ids[2:], NULL);
    IF v_guard THEN
      PERFORM deriver.go_on_hung_v1(p_head.type, p_head.key, p_head.max_attempts);
    END IF;
    RETURN true;
  END IF;
  UPDATE deriver.head h
     SET lane = (h.lane & 15) + CASE WHEN v_guard THEN 16 ELSE 32 END,
         attempts = CASE WHEN v_counts THEN h.attempts ELSE greatest(h.attempts - 1, 0) END,
         ended = deriver.ended_v1(h.ended, p_reason),
         most_next = CASE WHEN v_counts THEN deriver.shrunk_v1(h.taken, h.attempts, h.max_attempts) ELSE h.taken END,
         errors = v_errors, available_at = clock_timestamp(),
         fence = NULL, node = NULL, guard = NULL, claimed_at = NULL, taken = NULL, max_attempts = NULL
   WHERE h.type = p_head.type AND h.key = p_head.key;
  RETURN false;
END $$;

-- The first type between these two of which something is not routed; behind the first if the second is NULL.
CREATE FUNCTION deriver.next_type_v1(p_after text, p_before text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
  IF p_before IS NULL THEN
    RETURN (SELECT b.type FROM deriver.inbox b WHERE b.type > p_after ORDER BY b.type LIMIT 1);
  END IF;
  RETURN (SELECT b.type FROM deriver.inbox b WHERE b.type > p_after AND b.type < p_before ORDER BY b.type LIMIT 1);
END $$;

-- Takes back, at most so many, claims of dead nodes and claims past their guard. What is locked is left for the next
-- pass, and so is one that cannot be taken back: it must not keep the others. p_all: looks at all claims, those of nodes
-- without a row among them; it reads what an old snapshot keeps in their index, so not each pass is one. o_what: 'node' and 'guard' for claims, 'failed' for those, 'unserved' for types, 'gathers' for how each of
-- p_serves gathers, 'paused' for those that are, 'more' when it stopped at its bound.
CREATE FUNCTION deriver.reap_v1(p_limit int, p_serves text[], p_all boolean)
RETURNS TABLE (o_what text, o_type text, o_key text, o_fence bigint, o_node text, o_dead boolean, o_error text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_left  int := p_limit;
  v_nodes text[];
  v_node  text;
  v_head  deriver.head%ROWTYPE;
  v_dead  boolean;
BEGIN
  SELECT array_agg(n.id ORDER BY n.id) INTO v_nodes
    FROM deriver.node n
   WHERE n.expires_at < clock_timestamp()
     AND EXISTS (SELECT FROM deriver.head h WHERE h.node = n.id AND h.fence >= CASE WHEN p_all THEN 0 ELSE n.from_fence END OFFSET 0);
  IF p_all THEN
    WITH RECURSIVE holders AS (
      (SELECT h.node FROM deriver.head h WHERE h.fence IS NOT NULL ORDER BY h.node LIMIT 1)
      UNION ALL
      SELECT (SELECT h.node FROM deriver.head h WHERE h.fence IS NOT NULL AND h.node > holders.node ORDER BY h.node LIMIT 1)
        FROM holders WHERE holders.node IS NOT NULL)
    SELECT v_nodes || array_agg(holders.node) INTO v_nodes
      FROM holders
     WHERE holders.node IS NOT NULL AND NOT EXISTS (SELECT FROM deriver.node n WHERE n.id = holders.node OFFSET 0);
  END IF;
  FOREACH v_node IN ARRAY coalesce(v_nodes, '{}') LOOP
    EXIT WHEN v_left <= 0;
    -- The lock on the node's row keeps its owner from renewing or claiming until this has been committed. A row that is
    -- missing is made, so that there is one to lock.
    PERFORM FROM deriver.node n WHERE n.id = v_node AND n.expires_at < clock_timestamp() FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      CONTINUE WHEN EXISTS (SELECT FROM deriver.node n WHERE n.id = v_node);
      INSERT INTO deriver.node (id, pool, types, expires_at) VALUES (v_node, '', '{}', clock_timestamp())
        ON CONFLICT DO NOTHING;
      CONTINUE WHEN NOT FOUND;
    END IF;
    FOR v_head IN
      SELECT h.* FROM deriver.head h
       WHERE h.node = v_node AND h.fence >= CASE WHEN p_all THEN 0 ELSE (SELECT n.from_fence FROM deriver.node n WHERE n.id = v_node) END
       ORDER BY h.fence LIMIT v_left FOR UPDATE SKIP LOCKED
    LOOP
      BEGIN
        v_dead := deriver.take_back_v1(v_head, 'crash');
        v_left := v_left - 1;
        RETURN QUERY SELECT 'node'::text, v_head.type, v_head.key, v_head.fence, v_head.node, v_dead, NULL::text;
      EXCEPTION WHEN OTHERS THEN
        RETURN QUERY SELECT 'failed'::text, v_head.type, v_head.key, v_head.fence, v_head.node, false, SQLSTATE || ' ' || SQLERRM;
      END;
    END LOOP;
  END LOOP;

  FOR v_head IN
    SELECT h.* FROM (
        SELECT x.node, x.fence FROM deriver.node n
         CROSS JOIN LATERAL (SELECT h.node, h.fence FROM deriver.head h
            WHERE h.node = n.id AND h.fence >= n.from_fence AND h.guard < clock_timestamp() OFFSET 0) x
         WHERE NOT p_all
        UNION ALL
        SELECT h.node, h.fence FROM deriver.head h WHERE p_all AND h.fence IS NOT NULL AND h.guard < clock_timestamp()
         LIMIT v_left) d
     CROSS JOIN LATERAL (SELECT h.* FROM deriver.head h WHERE h.node = d.node AND h.fence = d.fence AND h.fence IS NOT NULL
        FOR UPDATE SKIP LOCKED) h
  LOOP
    BEGIN
      v_dead := deriver.take_back_v1(v_head, 'guard');
      v_left := v_left - 1;
      RETURN QUERY SELECT 'guard'::text, v_head.type, v_head.key, v_head.fence, v_head.node, v_dead, NULL::text;
    EXCEPTION WHEN OTHERS THEN
      RETURN QUERY SELECT 'failed'::text, v_head.type, v_head.key, v_head.fence, v_head.node, false, SQLSTATE || ' ' || SQLERRM;
    END;
  END LOOP;
  IF v_left <= 0 THEN
    RETURN QUERY SELECT 'more'::text, NULL::text, NULL::text, NULL::bigint, NULL::text, false, NULL::text;
  END IF;

  DELETE FROM deriver.node n USING (
      SELECT n.id FROM deriver.node n WHERE n.expires_at < clock_timestamp() - interval '10 minutes'
         AND NOT EXISTS (SELECT FROM deriver.head h WHERE h.node = n.id AND h.fence >= n.from_fence OFFSET 0)
       LIMIT 100 FOR UPDATE SKIP LOCKED) d
   WHERE n.id = d.id;

  RETURN QUERY
  SELECT 'gathers'::text, t.name, t.min_weight || ' ' || t.max_wait_ms || ' ' || t.enough, NULL::bigint, NULL::text, false, NULL::text
    FROM deriver.type t WHERE t.name = ANY (p_serves);
  RETURN QUERY
  SELECT 'paused'::text, t.name, NULL::text, NULL::bigint, NULL::text, false, NULL::text
    FROM deriver.type t WHERE t.name = ANY (p_serves) AND t.paused_at IS NOT NULL;

  -- Of the types with a row those are looked at that nobody serves, and of the others, which nobody routed yet, the first behind
  -- each of these: rows that have gone are read of no type that is worked. An idle node writes its row when it polls; that it
  -- has passed by a little says nothing against it.
  RETURN QUERY
  WITH RECURSIVE known AS (
    SELECT t.name, t.inbox_from, lead(t.name) OVER (ORDER BY t.name) AS next FROM deriver.type t),
  other AS (
    SELECT deriver.next_type_v1('', (SELECT min(k.name) FROM known k)) AS name, (SELECT min(k.name) FROM known k) AS next
    UNION ALL
    SELECT deriver.next_type_v1(k.name, k.next), k.next FROM known k),
  unknown AS (
    SELECT o.name, o.next FROM other o WHERE o.name IS NOT NULL
    UNION ALL
    SELECT x.name, u.next FROM unknown u CROSS JOIN LATERAL (SELECT deriver.next_type_v1(u.name, u.next) AS name OFFSET 0) x
     WHERE x.name IS NOT NULL),
  unserved AS (
    SELECT p.name, p.inbox_from
      FROM (SELECT k.name, k.inbox_from FROM known k UNION ALL SELECT u.name, NULL FROM unknown u) p
     WHERE p.name <> ALL (p_serves)
       AND NOT EXISTS (SELECT FROM deriver.node n
          WHERE p.name = ANY (n.types) AND n.expires_at > clock_timestamp() - interval '2 minutes'))
  SELECT 'unserved'::text, v.name, NULL::text, NULL::bigint, NULL::text, false, NULL::text
    FROM unserved v
   WHERE v.inbox_from IS NULL
      OR EXISTS (SELECT FROM deriver.head h WHERE h.type = v.name OFFSET 0)
      OR EXISTS (SELECT FROM deriver.inbox b WHERE b.type = v.name AND b.id >= v.inbox_from OFFSET 0);
END $$;

-- Lets no item of the type that is there wait for more of its key; of a NULL type, of any.
CREATE FUNCTION deriver.flush_v1(p_type text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_name text;
BEGIN
  FOR v_name IN SELECT t.name FROM deriver.type t WHERE t.min_weight > 0 AND (p_type IS NULL OR t.name = p_type) ORDER BY t.name LOOP
    UPDATE deriver.type t
       SET flushed_at = clock_timestamp(), anew_from = coalesce(t.anew_from, ''), anew_again = coalesce(t.anew_from > '', false)
     WHERE t.name = v_name;
  END LOOP;
END $$;

-- The same for one key, whose items must be routed for that. Answers with what to call it again, or 0 when all that was
-- there at the first call, made with 0, waits no longer. Each call is a transaction of its own, so that it holds up
-- others for one pass of the router only.
CREATE FUNCTION deriver.flush_key_v1(p_type text, p_key text, p_before bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  c_rows   constant int := 20;
  v_before bigint;
  v_left   boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM deriver.type t WHERE t.name = p_type AND t.min_weight > 0) THEN
    RETURN 0;
  END IF;
  v_before := CASE WHEN p_before = 0 THEN nextval('deriver.inbox_number') ELSE p_before END;
  -- The head is waited for while nothing is held, the type by one who holds one head, and routing locks heads that settling
  -- may want while it has others: so whoever has the type's row waits for no head.
  PERFORM FROM deriver.head h WHERE h.type = p_type AND h.key = p_key FOR UPDATE;
  PERFORM FROM deriver.type t WHERE t.name = p_type FOR UPDATE;
  PERFORM deriver.route_v1(p_type);
  PERFORM FROM deriver.head h WHERE h.type = p_type AND h.key = p_key FOR UPDATE SKIP LOCKED;
  IF FOUND THEN
    UPDATE deriver.head h
       SET flushed_at = clock_timestamp(),
           available_at = CASE WHEN h.fresh AND h.fence IS NULL AND h.available_at > clock_timestamp()
             THEN greatest(clock_timestamp(), (SELECT i.due_at FROM deriver.item i WHERE i.id = h.ids[1])) ELSE h.available_at END
     WHERE h.type = p_type AND h.key = p_key;
  ELSIF EXISTS (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = p_key) THEN
    RETURN v_before;
  END IF;
  SELECT count(*) = c_rows OR coalesce(bool_or(EXISTS (
      SELECT FROM unnest(b.ids) u(id) CROSS JOIN LATERAL (SELECT i.key FROM deriver.item i WHERE i.id = u.id LIMIT 1) i
       WHERE i.key = p_key)), false) INTO v_left
    FROM (SELECT b.ids FROM deriver.inbox b
           WHERE b.type = p_type AND b.id >= (SELECT t.inbox_from FROM deriver.type t WHERE t.name = p_type) AND b.id < v_before
           ORDER BY b.id LIMIT c_rows) b;
  RETURN CASE WHEN v_left THEN v_before ELSE 0 END;
END $$;

-- Has no node claim anything of a type, or has all claim again; answers whether that is news.
CREATE FUNCTION deriver.pause_v1(p_type text, p_paused boolean) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO deriver.type (name) VALUES (p_type) ON CONFLICT DO NOTHING;
  UPDATE deriver.type t SET paused_at = CASE WHEN p_paused THEN clock_timestamp() END
   WHERE t.name = p_type AND (t.paused_at IS NOT NULL) <> p_paused;
  RETURN FOUND;
END $$;

-- One pass of the router for one who will hold it up, if there is more to route than a pass takes. Answers with the first that
-- was there, or 0 if there was no more: who hears the same twice gets no further, since the head of its key is locked.
CREATE FUNCTION deriver.route_ahead_v1(p_type text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  c_rows  constant int := 500;
  v_first bigint;
BEGIN
  SELECT CASE WHEN count(*) = c_rows THEN min(x.id) ELSE 0 END INTO v_first
    FROM (SELECT b.id FROM deriver.inbox b
           WHERE b.type = p_type AND b.id >= coalesce((SELECT t.inbox_from FROM deriver.type t WHERE t.name = p_type), 0)
           ORDER BY b.id LIMIT c_rows) x;
  IF v_first > 0 THEN
    INSERT INTO deriver.type (name) VALUES (p_type) ON CONFLICT DO NOTHING;
    PERFORM FROM deriver.type t WHERE t.name = p_type FOR UPDATE;
    PERFORM deriver.route_v1(p_type);
  END IF;
  RETURN v_first;
END $$;

-- Drops the items of a key that wait; those of a live claim end as they would have. Answers how many it dropped. Nobody
-- routes or claims the key meanwhile: what is not routed yet could else be claimed between the look at it and its end. The
-- head is waited for while nothing is held, the type by one who holds one head, as by deriver.flush_key_v1.
CREATE FUNCTION deriver.cancel_v1(p_type text, p_key text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_head    deriver.head%ROWTYPE;
  v_ids     bigint[];
  v_dropped bigint;
  v_waiting bigint;
  v_known   boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM deriver.inbox b WHERE b.type = p_type)
      AND NOT EXISTS (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = p_key) THEN
    RETURN 0;
  END IF;
  INSERT INTO deriver.type (name) VALUES (p_type) ON CONFLICT DO NOTHING;
  LOOP
    BEGIN
      SELECT h.* INTO v_head FROM deriver.head h WHERE h.type = p_type AND h.key = p_key FOR UPDATE;
      v_known := FOUND;
      PERFORM FROM deriver.type t WHERE t.name = p_type FOR UPDATE;
      EXIT WHEN v_known OR NOT EXISTS (SELECT FROM deriver.head h WHERE h.type = p_type AND h.key = p_key);
      RAISE EXCEPTION 'routed meanwhile' USING ERRCODE = 'DV003';
    EXCEPTION WHEN SQLSTATE 'DV003' THEN
      NULL;
    END;
  END LOOP;

  SELECT array_agg(x.id) INTO v_ids
    FROM deriver.inbox b
   CROSS JOIN LATERAL unnest(b.ids) u(id)
   CROSS JOIN LATERAL (SELECT i.id, i.key FROM deriver.item i WHERE i.id = u.id OFFSET 0) x
   WHERE b.type = p_type AND x.key = p_key
     AND b.id >= coalesce((SELECT t.inbox_from FROM deriver.type t WHERE t.name = p_type), 0);
  PERFORM deriver.keep_cancelled_v1(v_ids);
  DELETE FROM deriver.item i WHERE i.id = ANY (v_ids);
  GET DIAGNOSTICS v_dropped = ROW_COUNT;
  IF NOT v_known THEN
    RETURN v_dropped;
  END IF;

  SELECT v_head.ids[coalesce(v_head.taken, 0) + 1:] || coalesce(array_agg(u.id), '{}') INTO v_ids
    FROM deriver.segment s CROSS JOIN LATERAL unnest(s.ids) u(id) WHERE s.type = p_type AND s.key = p_key;
  PERFORM deriver.keep_cancelled_v1(v_ids);
  DELETE FROM deriver.item i WHERE i.id = ANY (v_ids);
  GET DIAGNOSTICS v_waiting = ROW_COUNT;
  DELETE FROM deriver.segment s WHERE s.type = p_type AND s.key = p_key;
  IF v_head.fence IS NULL THEN
    DELETE FROM deriver.head h WHERE h.type = p_type AND h.key = p_key;
  ELSE
    UPDATE deriver.head h
       SET ids = h.ids[1:h.taken], segments = 0,
           lane = (h.lane & 48) + deriver.priority_v1(p_type, h.ids[1:h.taken], 0, h.lane & 15)
     WHERE h.type = p_type AND h.key = p_key;
  END IF;
  RETURN v_dropped + v_waiting;
END $$;

-- Drops dead letters that are older than so long, at most so many; answers how many.
CREATE FUNCTION deriver.purge_v1(p_keep_ms bigint, p_limit int) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  -- Worked out here: an index is bounded by a value, not by a clock that is to be asked anew for each row.
  v_before constant timestamptz := clock_timestamp() - p_keep_ms * interval '1 millisecond';
  v_purged bigint;
BEGIN
  WITH gone AS (
    DELETE FROM deriver.dead_letter d USING (
        SELECT o.id FROM deriver.dead_letter o WHERE o.died_at < v_before
         ORDER BY o.died_at LIMIT p_limit FOR UPDATE SKIP LOCKED) old
     WHERE d.id = old.id RETURNING d.id)
  SELECT count(*) INTO v_purged FROM gone;
  RETURN v_purged;
END $$;

-- Drops what ended longer ago than that, at most so many; answers how many.
CREATE FUNCTION deriver.purge_done_v1(p_keep_ms bigint, p_limit int) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_before constant timestamptz := clock_timestamp() - p_keep_ms * interval '1 millisecond';
  v_purged bigint;
BEGIN
  WITH gone AS (
    DELETE FROM deriver.done d USING (
        SELECT o.ctid FROM deriver.done o WHERE o.ended_at < v_before
         ORDER BY o.ended_at LIMIT p_limit FOR UPDATE SKIP LOCKED) old
     WHERE d.ctid = old.ctid RETURNING d.id)
  SELECT count(*) INTO v_purged FROM gone;
  RETURN v_purged;
END $$;

-- For people.

CREATE VIEW deriver.pending AS
SELECT h.type, h.key,
       cardinality(h.ids) + coalesce((SELECT sum(cardinality(s.ids)) FROM deriver.segment s
         WHERE s.type = h.type AND s.key = h.key), 0) AS items,
       CASE WHEN h.fence IS NOT NULL THEN 'running' WHEN h.available_at > clock_timestamp() THEN 'not due' ELSE 'waiting' END AS state,
       h.available_at, h.attempts,
       (SELECT i.enqueued_at FROM deriver.item i WHERE i.id = h.ids[1]) AS oldest
  FROM deriver.head h
UNION ALL
SELECT i.type, i.key, count(*), 'not routed', NULL, 0, min(i.enqueued_at)
  FROM deriver.inbox b CROSS JOIN LATERAL unnest(b.ids) u(id) JOIN deriver.item i ON i.id = u.id
 GROUP BY i.type, i.key;

CREATE VIEW deriver.running AS
SELECT h.type, h.key, h.taken AS items, h.attempts AS attempt, n.pool, h.node, h.claimed_at AS since,
       clock_timestamp() - h.claimed_at AS for_time, h.guard AS until, n.expires_at AS lease_until,
       CASE WHEN h.lane >= 32 THEN 'suspect' WHEN h.lane >= 16 THEN 'probation' ELSE 'regular' END AS standing, h.fence
  FROM deriver.head h LEFT JOIN deriver.node n ON n.id = h.node
 WHERE h.fence IS NOT NULL;

CREATE VIEW deriver.probation AS
SELECT h.type, h.key, CASE WHEN h.lane >= 32 THEN 'suspect' ELSE 'probation' END AS standing, h.attempts, h.ended,
       h.available_at, h.fence IS NOT NULL AS running, h.errors -> -1 ->> 'cause' AS last_cause, h.errors -> -1 ->> 'error' AS last_error
  FROM deriver.head h
 WHERE h.lane >= 16;

CREATE VIEW deriver.dead AS
SELECT d.id, d.type, d.key, d.attempts, d.ended, d.died_at, d.errors -> -1 ->> 'cause' AS cause, d.errors -> -1 ->> 'error' AS error,
       d.enqueued_at, d.bytes
  FROM deriver.dead_letter d;

INSERT INTO deriver.schema_version (version, works_from) VALUES (1, 1);
