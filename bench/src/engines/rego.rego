package tenantgate

default allowed := false

allowed if {
	permitted
	not denied
}

permitted if data.allow.plain[input.name]

permitted if {
	some rule in data.allow.named[input.name]
	concerns(rule)
	every condition in rule.conditions { holds(condition, input[condition.root][condition.member]) }
}

permitted if {
	some rule in data.allow.beginning[input.target]
	startswith(input.name, rule.beginning)
	concerns(rule)
	every condition in rule.conditions { holds(condition, input[condition.root][condition.member]) }
}

denied if data.deny.plain[input.name]

denied if {
	some rule in data.deny.named[input.name]
	concerns(rule)
	every condition in rule.conditions { not fails(condition) }
}

denied if {
	some rule in data.deny.beginning[input.target]
	startswith(input.name, rule.beginning)
	concerns(rule)
	every condition in rule.conditions { not fails(condition) }
}

concerns(rule) if {
	has_role(rule)
	has_scope(rule)
}

has_role(rule) if not rule.role

has_role(rule) if rule.role in input.roles

has_scope(rule) if not rule.scope

has_scope(rule) if rule.scope in input.scopes

holds(condition, value) if {
	condition.operator == "EQUALS"
	value == condition.value
}

holds(condition, value) if {
	condition.operator == "LESS_THAN"
	value < condition.value
}

# What is missing or null does not fail: it cannot be evaluated, and then a DENY applies.
fails(condition) if {
	input[condition.root][condition.member] != null
	not holds(condition, input[condition.root][condition.member])
}
