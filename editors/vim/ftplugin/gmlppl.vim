if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:##,:#
setlocal commentstring=#\ %s
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal formatexpr=GmlPplFormat()

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< '
      \ . 'expandtab< shiftwidth< softtabstop< formatexpr<'

if exists('*GmlPplFormat')
  finish
endif

" `gq`: give whole items the canonical layout; what does not parse stays as it is.
function GmlPplFormat() abort
  if mode() =~# '[iR]'
    return 1
  endif
  let l:first = v:lnum
  let l:last = v:lnum + v:count - 1
  let l:lines = getline(l:first, l:last)
  let l:command = get(g:, 'gmlppl_command', 'gmlc')
  let l:output = systemlist(l:command . ' fmt --quiet - 2>&1', l:lines)
  if v:shell_error
    echohl ErrorMsg | echomsg get(l:output, 0, l:command . ' failed') | echohl None
    return 0
  endif
  if l:output !=# l:lines
    call append(l:last, l:output)
    silent execute l:first . ',' . l:last . 'delete _'
    call cursor(l:first, 1)
  endif
  return 0
endfunction
