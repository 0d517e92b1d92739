# Bedrock knowledge bases, one tenant each. RetrieveAndGenerate has no resource that a tag could be read from, so it is not here.

data "aws_iam_policy_document" "knowledge_bases" {
  statement {
    sid       = "KnowledgeBaseOfTenant"
    actions   = ["bedrock:Retrieve"]
    resources = var.knowledge_base_arns
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/TenantID"
      values   = [local.tenant]
    }
  }
}
