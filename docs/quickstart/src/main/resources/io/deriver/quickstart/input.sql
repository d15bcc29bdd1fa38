-- The input file, a row for each of its lines: what the check holds everything else against.
create schema if not exists ${schema};

drop table if exists ${schema}.input;

create table ${schema}.input (
  number bigint primary key,
  conversation text not null,
  poisoned boolean not null
);
