-- The queue of the outage: messages, and one row for each conversation that a worker has in hand.
create table if not exists ${schema}.message (
  id bigint primary key,
  conversation text not null,
  payload text not null,
  processed boolean not null default false
);

create table if not exists ${schema}.claim (
  conversation text primary key,
  claimed_at timestamptz not null default clock_timestamp()
);
