; CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xffff, no reflection, no final xor.

; esi = bytes, ecx = how many (at least 1); ax = checksum.  Keeps edi, ebx.
crc16:
    mov ax, 0xffff
.byte:
    xor ah, [esi]
    inc esi
    mov dl, 8
.bit:
    add ax, ax
    jnc .no
    xor ax, 0x1021
.no:
    dec dl
    jnz .bit
    loop .byte
    ret
