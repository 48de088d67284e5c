if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=GmlPplIndent(v:lnum)
setlocal indentkeys=0},0),0],!^F,o,O
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*GmlPplIndent')
  finish
endif

" Two columns for each bracket that the line above leaves open.
function GmlPplIndent(number) abort
  let l:above = prevnonblank(a:number - 1)
  if l:above == 0
    return 0
  endif
  let l:code = substitute(getline(l:above), '"[^"]*"\|#.*', '', 'g')
  let l:code = substitute(l:code, '^\s*[)\]}]', '', '')
  let l:opened = len(substitute(l:code, '[^(\[{]', '', 'g'))
  let l:closed = len(substitute(l:code, '[^)\]}]', '', 'g'))
  let l:indent = indent(l:above)
  if l:opened > l:closed
    let l:indent += shiftwidth()
  elseif l:closed > l:opened
    let l:indent -= shiftwidth()
  endif
  if getline(a:number) =~# '^\s*[)\]}]'
    let l:indent -= shiftwidth()
  endif
  return max([l:indent, 0])
endfunction
