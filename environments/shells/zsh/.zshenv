# Read by zsh in JupyterLab's terminals: its owner's files all count; before the first prompt the course's commands come first.
if [[ -n "$LABS_ZDOTDIR" ]]; then ZDOTDIR="$LABS_ZDOTDIR"; else unset ZDOTDIR; fi
unset LABS_ZDOTDIR
_labs_first() {
  export PATH="$LABS_BIN:$PATH"
  precmd_functions=("${(@)precmd_functions:#_labs_first}")
  unfunction _labs_first
}
precmd_functions+=(_labs_first)
if [[ -r "${ZDOTDIR:-$HOME}/.zshenv" ]]; then source "${ZDOTDIR:-$HOME}/.zshenv"; fi
