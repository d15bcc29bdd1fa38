-- The fake LLM computes its answer from what it was asked. Each row of the answer is a summary that is not of its own messages.
select 'summary of ' || first_item || ' to ' || last_item || ' says: ' || left(text, 80) as problem, conversation
from summary s
where not starts_with(text, format('Summary of %s: %s messages,', conversation,
  (select count(*) from input i where i.conversation = s.conversation and i.number between s.first_item and s.last_item)))
order by conversation, problem;
