/** What a trainer that reports to Weights & Biases is told by the environment: the user's own settings. */
export const wandbVariables = [
  'WANDB_API_KEY',
  'WANDB_BASE_URL',
  'WANDB_PROJECT',
  'WANDB_ENTITY',
  'WANDB_MODE',
  'WANDB_RUN_GROUP',
  'WANDB_TAGS',
  'WANDB_DIR',
] as const
