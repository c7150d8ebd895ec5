-- What an agent's bodies cost that are over, since their tasks are not kept for as long: CURRENCY=MICRO_HOURS by commas, a
-- micro-hour being a millionth of the unit per hour times a microsecond; an empty currency is time without a price.
ALTER TABLE agent ADD COLUMN cost text NOT NULL DEFAULT '';
