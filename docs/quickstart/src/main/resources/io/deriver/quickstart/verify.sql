-- Each row of the answer is something that is not as it must be. No row: all is well.
-- Reads input (the file), summary (what the host wrote) and dead_letter (what deriver set aside).

-- What was set aside, by the number that each message has in the file.
with dead as (
  select key as conversation, (payload::json ->> 'number')::bigint as number from dead_letter where type = 'summary'
),

-- How often each message of the file was summarized, and how often it was set aside.
ends as (
  select i.conversation, i.number, i.poisoned,
    (select count(*) from summary s
      where s.conversation = i.conversation and i.number between s.first_item and s.last_item) as summaries,
    (select count(*) from dead d where d.conversation = i.conversation and d.number = i.number) as letters
  from input i
)

-- Every healthy message is in one summary, and is no dead letter.
select 'healthy message ' || number || ': ' || summaries || ' summaries, ' || letters || ' dead letters' as problem, conversation
from ends where not poisoned and (summaries, letters) <> (1, 0)

union all
-- Every poisoned message is one dead letter, and in no summary.
select 'poisoned message ' || number || ': ' || summaries || ' summaries, ' || letters || ' dead letters', conversation
from ends where poisoned and (summaries, letters) <> (0, 1)

union all
-- A summary begins and ends with messages of its own conversation, in this order.
select 'summary of ' || first_item || ' to ' || last_item || ', which are not its conversation''s', conversation
from summary s
where first_item > last_item
   or not exists (select from input i where i.conversation = s.conversation and i.number = s.first_item)
   or not exists (select from input i where i.conversation = s.conversation and i.number = s.last_item)

union all
-- The parts of a conversation were worked in their order: a later part under a larger fence.
select 'summary from ' || first_item || ' has fence ' || fence || ', the part before it ' || before, conversation
from (select conversation, first_item, fence,
        lag(fence) over (partition by conversation order by first_item, fence) as before from summary) parts
where fence <= before

union all
-- One claim ends once: no two summaries have the same fence.
select 'fence ' || fence || ' stands on ' || count(*) || ' summaries', min(conversation)
from summary group by fence having count(*) > 1

union all
-- What was set aside stands in the file.
select 'dead letter ' || d.number || ' is not in the input', d.conversation
from dead d where not exists (select from input i where i.conversation = d.conversation and i.number = d.number)

order by conversation, problem;
