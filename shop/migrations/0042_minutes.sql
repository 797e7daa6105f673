-- The minutes in which the shop ran, was to be attended and was, by the hour: three rows among the hundreds of an hour.
drop index measure_alive;
create index measure_minutes on measure (hour) include (measure, count) where measure in ('alive', 'open', 'staffed');
