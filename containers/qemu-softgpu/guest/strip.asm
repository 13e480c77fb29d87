; The machine-readable strip: 32 bytes as 256 black or white blocks of 8x8 pixels, two rows at the bottom edge.  README.md has the table.

STRIP_BYTES     equ 32

; Draws the blocks that changed since the last call.
strip_update:
    mov edi, strip_bytes
    mov eax, 'LOCO'
    stosd
    mov al, 1                   ; version of this layout
    stosb
    mov al, [disk_flags]
    or al, [leds]
    or al, [mouse_flag]
    stosb
    mov ax, [ordinal]
    call put_word
    mov eax, [frame]
    call put_dword
    mov eax, [boots]
    call put_dword
    mov eax, [saved_seconds]
    call put_dword
    mov ax, [key_presses]
    call put_word
    mov ax, [mouse_x]
    call put_word
    mov ax, [mouse_y]
    call put_word
    mov ax, [mouse_packets]
    call put_word
    mov al, [last_scancode]
    stosb
    mov al, [mouse_buttons]
    stosb
    mov esi, strip_bytes
    mov ecx, STRIP_BYTES - 2
    call crc16
    call put_word

    call clip_all
    xor esi, esi
.byte:
    mov al, [strip_bytes + esi]
    mov ah, al
    xor ah, [strip_drawn + esi]
    jnz .changed
    cmp byte [strip_valid], 0
    jne .next
    mov ah, 0xff
.changed:
    mov [strip_drawn + esi], al
    call strip_byte
.next:
    inc esi
    cmp esi, STRIP_BYTES
    jb .byte
    mov byte [strip_valid], 1
    call clip_scene
    ret

; esi = index, al = byte, ah = which of its bits to draw
strip_byte:
    pusha
    mov ebx, esi
    and ebx, STRIP_BYTES / 2 - 1
    shl ebx, 6                  ; 8 blocks of 8 pixels
    mov ecx, esi
    shr ecx, 4
    lea ecx, [STRIP_Y + ecx * STRIP_BLOCK]
    mov [joined + box.x0], ebx
    mov [joined + box.y0], ecx
    lea edx, [ebx + 8 * STRIP_BLOCK]
    mov [joined + box.x1], edx
    lea edx, [ecx + STRIP_BLOCK]
    mov [joined + box.y1], edx
    mov ebp, 8
.bit:
    add ah, ah                  ; highest bit first
    jnc .same
    push eax
    test al, 0x80
    mov eax, 0
    jz .black
    dec eax
.black:
    mov edx, STRIP_BLOCK
    mov edi, STRIP_BLOCK
    call fill_rect
    pop eax
.same:
    add al, al
    add ebx, STRIP_BLOCK
    dec ebp
    jnz .bit
    cmp byte [show], SHOW_PICTURE
    jne .out
    mov esi, joined
    call present_box
.out:
    popa
    ret

; Big-endian stores at edi
put_word:
    xchg al, ah
    stosw
    ret
put_dword:
    bswap eax
    stosd
    ret
