// Evaluates requests against IAM policies. Reads {cases, variants} from standard input: each variant is a set of named policies, and lists which
// cases to evaluate with it. Prints, a variant, the results of its cases, in their order; with `hunt`, no further than the first one that is wrong.
import { readFileSync } from 'node:fs'
import { createValidatedPolicy, validateResourcePolicy } from '@cloud-copilot/iam-policy'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const { cases, variants } = JSON.parse(readFileSync(0, 'utf8'))
const answers = []
for (const { policies, chosen, validate, hunt } of variants) {
  const answer = []
  for (const index of chosen) {
    answer.push(await evaluate(simulation(cases[index], policies), validate))
    if (hunt && !isRight(cases[index].right, answer.at(-1).result)) break
  }
  answers.push(answer)
}
process.stdout.write(JSON.stringify(answers))

// The validated run drops the keys that AWS's reference does not list for the action. The other run takes any key.
async function evaluate(request, validate) {
  const result = runUnsafeSimulation(request, {})
  if (!validate) return { result }
  const validated = await runSimulation(request, { simulationMode: 'Strict' })
  if (validated.resultType === 'error') return { result, unknown: [validated.errors.message] }
  if (validated.resultType === 'wildcard') return { result, unknown: ['a resource with wildcards'] }
  if (validated.result.ignoredContextKeys.length > 0) return { result, unknown: validated.result.ignoredContextKeys }
  return { result, validated: validated.overallResult }
}

function simulation({ principal, action, resource, account, context, identity, attached }, policies) {
  return {
    request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
    identityPolicies: identity.filter((name) => policies[name]).map((name) => ({ name, policy: policies[name] })),
    // The run without validation loads this one without a name, and then asks for the name.
    resourcePolicy: attached ? createValidatedPolicy(policies[attached], validateResourcePolicy, { name: attached }) : undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }
}

function isRight(right, result) {
  if (right === 'Refused') return result !== 'Allowed'
  return result === (right === 'Denied' ? 'ExplicitlyDenied' : 'Allowed')
}
