"""The assistant's routine tasks: a folder each, with skill.toml, policy.md and its steps."""
