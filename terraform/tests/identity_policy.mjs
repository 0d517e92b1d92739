// Evaluates one identity policy. Standard input: { policy, principal, account, requests: [{ action, resource, context }] }; prints a
// list of results: "Allowed", "ImplicitlyDenied", "ExplicitlyDenied".
import { runSimulation } from "@cloud-copilot/iam-simulate";

let input = "";
for await (const piece of process.stdin) input += piece;
const { policy, principal, account, requests } = JSON.parse(input);
const results = [];
for (const { action, resource, context } of requests) {
  const done = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: [{ name: "policy", policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (done.resultType === "error" || !done.overallResult) throw new Error(`${action} on ${resource}: ${JSON.stringify(done)}`);
  results.push(done.overallResult);
}
process.stdout.write(JSON.stringify(results));
