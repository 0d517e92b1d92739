# The gateway invokes as its own role. Exactly the two aliases, and nothing else of the functions.
data "aws_iam_policy_document" "invoke" {
  statement {
    sid       = "TenantgateInterceptors"
    actions   = ["lambda:InvokeFunction"]
    resources = [module.interceptors.request_alias_arn, module.interceptors.response_alias_arn]
  }
}

resource "aws_iam_role_policy" "invoke" {
  count = var.gateway_role_name == null ? 0 : 1

  name   = "tenantgate-interceptors"
  role   = var.gateway_role_name
  policy = data.aws_iam_policy_document.invoke.json
}

locals {
  attachment = "--gateway ${var.gateway_id} --region ${var.region} --request ${module.interceptors.request_alias_arn} --response ${module.interceptors.response_alias_arn}"
}

# An update of a gateway replaces all of it, so that no resource could set the interceptors alone. The program reads the
# gateway, sends everything back with the interceptors in it, and keeps a file of what was before.
#
# Attaching and detaching are two resources: one for both would detach before it attaches anew, and the gateway would be
# open in between.
resource "terraform_data" "attached" {
  count = var.attach ? 1 : 0

  triggers_replace = local.attachment

  provisioner "local-exec" {
    command = "tenantgate gateway attach ${local.attachment} --yes --backup \"gateway-${var.gateway_id}.$(date +%Y%m%dT%H%M%S).before.json\""
  }

  # Attached before it may be invoked, every call would fail; and the rights go only after the detachment.
  depends_on = [aws_iam_role_policy.invoke, terraform_data.detached]
}

resource "terraform_data" "detached" {
  count = var.attach ? 1 : 0

  # Another gateway: this one is detached first, while it may still invoke, and only then do the rights go.
  triggers_replace = [var.gateway_id, var.region]

  input = {
    attachment = local.attachment
    gateway_id = var.gateway_id
  }

  provisioner "local-exec" {
    when    = destroy
    command = "tenantgate gateway detach ${self.output.attachment} --yes --backup \"gateway-${self.output.gateway_id}.$(date +%Y%m%dT%H%M%S).before.json\""
  }

  depends_on = [aws_iam_role_policy.invoke]
}
