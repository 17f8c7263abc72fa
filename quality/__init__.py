"""What good data is: contracts, the KPI catalogue, rules and the gate. Imports nothing of `pipelines`."""
