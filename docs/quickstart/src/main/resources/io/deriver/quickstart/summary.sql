-- Where summaries go. No unique constraint, no upsert: a unit worked twice shows.
create schema if not exists ${schema};

create table if not exists ${schema}.summary (
  conversation text not null,
  first_item bigint not null,
  last_item bigint not null,
  fence bigint not null,
  text text not null,
  written_at timestamptz not null default clock_timestamp()
);
