; Numbers and texts into a buffer at edi.

; esi = text ending with 0, without the 0
put_text:
    lodsb
    test al, al
    jz .out
    stosb
    jmp put_text
.out:
    ret

; eax = number, decimal
put_decimal:
    pusha
    mov ebx, 10
    xor ecx, ecx
.digit:
    xor edx, edx
    div ebx
    push edx
    inc ecx
    test eax, eax
    jnz .digit
.out:
    pop eax
    add al, '0'
    stosb
    loop .out
    mov [esp], edi              ; popa brings it back as edi
    popa
    ret

; al = byte, two hexadecimal digits
put_hex:
    push eax
    shr al, 4
    call .digit
    pop eax
    and al, 15
.digit:
    cmp al, 10
    sbb al, 0x69
    das
    stosb
    ret
